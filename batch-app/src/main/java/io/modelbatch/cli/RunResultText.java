package io.modelbatch.cli;

import io.modelbatch.launch.RunOutcome;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunSummary;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** The text that a command prints when its run has ended. */
final class RunResultText {
    private RunResultText() {}

    /** Status and counts. */
    static String words(RunOutcome outcome) {
        RunSummary run = outcome.run();
        if (!outcome.computed()) {
            return run.run() + " is complete already; again=true runs it again";
        }
        String counts = run.steps().stream()
                .filter(step -> step.rows() > 0 || step.rejected() > 0)
                .map(step -> "%s %,d rows%s".formatted(step.name(), step.rows(), rejected(step)))
                .collect(Collectors.joining(", "));
        return run.run() + " " + run.status() + (counts.isEmpty() ? "" : ": " + counts);
    }

    /** The place of the log, for a user who looks for the cause. */
    static Optional<String> log(RunOutcome outcome) {
        return outcome.exit() == ExitCode.COMPLETED ? Optional.empty() : outcome.log();
    }

    /** The number of rejected rows of a step; empty if there are none. */
    static String rejected(RunSummary.StepSummary step) {
        return step.rejected() == 0 ? "" : " (%,d rejected)".formatted(step.rejected());
    }

    /** Parameters as they are typed, each after two spaces. */
    static String assignments(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .map(parameter -> "  " + parameter.getKey() + "=" + parameter.getValue())
                .collect(Collectors.joining());
    }
}
