package io.modelbatch.launch;

import java.util.List;
import java.util.stream.Collectors;

/** An unfinished run would go on as another job than it began: the message says what changed. */
public final class RunChangedException extends RuntimeException {
    private RunChangedException(String message) {
        super(message);
    }

    /** Of changes that can be accepted. */
    static RunChangedException acceptable(String run, String command, List<RunDefinition.Change> changes) {
        return new RunChangedException(run + " began with other settings, and is not complete:\n"
                + lines(changes)
                + "Undo the change, or go on with it where the run stopped: " + command + " accept-changes=true\n"
                + "Or abandon the run and start a new one: " + command + " again=true");
    }

    /** Of changes that would divide a result that has begun. */
    static RunChangedException unacceptable(String run, String command, List<RunDefinition.Change> changes) {
        return new RunChangedException(run + " has begun to write its result, and these settings cannot change in it:\n"
                + lines(changes)
                + "Undo the change, or abandon the run and start a new one: " + command + " again=true");
    }

    private static String lines(List<RunDefinition.Change> changes) {
        return changes.stream().map(change -> "  " + change + "\n").collect(Collectors.joining());
    }
}
