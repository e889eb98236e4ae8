package io.modelbatch.step.command;

import io.modelbatch.base.ByteSize;
import io.modelbatch.base.PrintableText;
import io.modelbatch.base.Remedy;
import java.util.List;
import java.util.Optional;

/**
 * The failure of a program in words.
 *
 * @param program the program
 * @param last its last attempt
 * @param printed the last lines that it printed
 * @param output the place of all that it printed, for a person
 */
record ProgramFailure(Program program, Attempt last, List<String> printed, Optional<String> output) {
    private static final int KILLED = 128 + 9;
    private static final int LONGEST = 300;

    ProgramException exception() {
        Optional<String> cause = program.work().cause(last);
        if (cause.isPresent()) {
            return new ProgramException(cause.get(), remedy());
        }
        String where = output.map(object -> ". All that it printed: " + object).orElse("");
        return new ProgramException(
                "The program '" + PrintableText.line(String.join(" ", program.command())) + "' " + end() + lastLine()
                        + where,
                remedy());
    }

    private String end() {
        if (last.end() == Attempt.End.TIMED_OUT) {
            return "took longer than its timeout of " + program.options().timeout() + " and was ended";
        }
        String end = "ended with " + ExitCodes.words(last.exitCode());
        return switch (last.memory().kills()) {
            case AT_LIMIT ->
                end + ": the kernel ended one of its processes, because their memory reached the limit of "
                        + program.options().limitOptions().memory() + peak()
                        + ". Raise limits.memory, or let the program use less";
            case OF_CONTAINER ->
                end + ": the kernel ended a process of this container or control group for lack of memory" + peak()
                        + ". Give it more memory, or let the program use less";
            case NONE ->
                last.exitCode() == KILLED
                        ? end + ", which Modelbatch did not send. Probably the kernel ended it for lack of memory"
                                + peak()
                        : end;
        };
    }

    private String peak() {
        return last.memory().peak().isPresent()
                ? " (peak " + new ByteSize(last.memory().peak().getAsLong()) + ")"
                : "";
    }

    private String lastLine() {
        return printed.stream()
                .filter(line -> !line.isBlank())
                .reduce((first, later) -> later)
                .map(line -> ". It printed last: " + PrintableText.shortened(line, LONGEST))
                .orElse("");
    }

    private Remedy remedy() {
        return last.end() == Attempt.End.TIMED_OUT
                        || program.options().retry().retryOn().contains(last.exitCode())
                ? Remedy.RETRY
                : Remedy.CHANGE;
    }
}
