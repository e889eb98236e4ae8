package io.modelbatch.launch;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.run.ExitCode;
import io.modelbatch.step.FailureCause;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A run could not begin: the message says why. */
public final class RunNotStartedException extends RuntimeException implements Explained {
    private final Remedy remedy;

    private RunNotStartedException(String message, Throwable failure, Remedy remedy) {
        super(message, failure);
        this.remedy = remedy;
    }

    static RunNotStartedException of(Throwable failure, Disks disks, TypedCommand resume) {
        return of(
                failure,
                disks.cause(failure).or(() -> FailureCause.of(List.of(failure))).orElseThrow(),
                resume);
    }

    static RunNotStartedException of(Throwable failure, FailureCause cause, TypedCommand resume) {
        String next = NextCommand.after(ExitCode.after(cause.remedy()), Optional.of(cause), resume).stream()
                .map(way -> "\n" + way.what() + ":\n  " + way.command())
                .collect(Collectors.joining());
        return new RunNotStartedException(cause.message() + next, failure, cause.remedy());
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(remedy);
    }
}
