package io.modelbatch.launch;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.run.RunDefinition;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** An unfinished run would be resumed as another job than it began: the message says what changed. */
public final class RunChangedException extends RuntimeException implements Explained {
    private RunChangedException(String message) {
        super(message);
    }

    /** Of changes that can be accepted. */
    static RunChangedException acceptable(
            String run, TypedCommand resume, List<RunDefinition.Change> changes, List<String> withoutEffect) {
        return new RunChangedException(run + " began with other settings, and is not complete:\n"
                + lines(changes)
                + (withoutEffect.isEmpty()
                        ? "Undo the change, or resume the run with it:\n  "
                                + resume.acceptingChanges().text()
                        : "The committed part of the run keeps the old " + String.join(", ", withoutEffect)
                                + ". Undo the change to resume the run:\n  " + resume.text())
                + abandon(resume));
    }

    /** Of changes that would divide a result that has begun. */
    static RunChangedException unacceptable(String run, TypedCommand resume, List<RunDefinition.Change> changes) {
        return new RunChangedException(run + " has written part of its result, so these settings cannot change:\n"
                + lines(changes)
                + "Undo the change to resume the run:\n  " + resume.text() + abandon(resume));
    }

    private static String abandon(TypedCommand resume) {
        return "\nOr abandon the run and start a new one:\n  " + resume.again().text();
    }

    private static String lines(List<RunDefinition.Change> changes) {
        return changes.stream().map(change -> "  " + change + "\n").collect(Collectors.joining());
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
