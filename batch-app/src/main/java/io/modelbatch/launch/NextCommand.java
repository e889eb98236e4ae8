package io.modelbatch.launch;

import io.modelbatch.base.Remedy;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunSummary;
import io.modelbatch.step.FailureCause;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A command that an operator may type next.
 *
 * @param what the action, and the one before it
 * @param command as it is typed
 */
public record NextCommand(String what, String command) {
    private static final Set<String> DONE = Set.of("COMPLETED", "ABANDONED");

    /** The next commands for a run as the job repository knows it. */
    public static List<NextCommand> after(RunSummary run, TypedCommand resume) {
        if (DONE.contains(run.status())) {
            return List.of();
        }
        if (run.isDead()) {
            return List.of(new NextCommand("Resume", resume.text()));
        }
        Optional<FailureCause> cause =
                Optional.ofNullable(run.cause()).map(message -> new FailureCause(message, Remedy.CHANGE));
        return ExitCode.of(run.exit()).map(exit -> after(exit, cause, resume)).orElse(List.of());
    }

    /** After a run that ended so; none where nothing is left to do. */
    static List<NextCommand> after(ExitCode exit, Optional<FailureCause> failure, TypedCommand resume) {
        return switch (exit) {
            case FAILED, STOPPED -> List.of(new NextCommand("Resume", resume.text()));
            case FAILED_FOR_GOOD ->
                failure.map(cause -> afterChange(cause, resume))
                        .orElse(List.of(new NextCommand("Fix the cause, then resume", resume.text())));
            default -> List.of();
        };
    }

    /** The ways out that the cause names: what it says and what is offered agree. */
    private static List<NextCommand> afterChange(FailureCause cause, TypedCommand resume) {
        List<NextCommand> ways = new ArrayList<>();
        if (cause.names(FailureCause.ACCEPT_CHANGES)) {
            ways.add(new NextCommand(
                    "Change the job file, then resume",
                    resume.acceptingChanges().text()));
        }
        if (cause.names(FailureCause.AGAIN)) {
            ways.add(new NextCommand(
                    "Fix the cause, then start a new run", resume.again().text()));
        }
        return ways.isEmpty() ? List.of(new NextCommand("Fix the cause, then resume", resume.text())) : ways;
    }
}
