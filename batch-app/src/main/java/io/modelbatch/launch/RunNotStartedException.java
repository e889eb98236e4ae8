package io.modelbatch.launch;

import io.modelbatch.step.FailureCause;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run could not begin: the message says why. */
public final class RunNotStartedException extends RuntimeException {
    private final ExitCode exit;

    private RunNotStartedException(String message, Throwable failure, ExitCode exit) {
        super(message, failure);
        this.exit = exit;
    }

    static RunNotStartedException of(Throwable failure, Disks disks, TypedCommand resume) {
        return of(
                failure,
                disks.cause(failure).or(() -> FailureCause.of(List.of(failure))).orElseThrow(),
                resume);
    }

    static RunNotStartedException of(Throwable failure, FailureCause cause, TypedCommand resume) {
        ExitCode exit = cause.remedy() == FailureCause.Remedy.RETRY ? ExitCode.FAILED : ExitCode.FAILED_FOR_GOOD;
        String next = NextCommand.after(exit, Optional.of(cause), resume).stream()
                .map(way -> "\n" + way.what() + ":\n  " + way.command())
                .collect(Collectors.joining());
        return new RunNotStartedException(cause.message() + next, failure, exit);
    }

    /** The exit code of the command. */
    public ExitCode exit() {
        return exit;
    }
}
