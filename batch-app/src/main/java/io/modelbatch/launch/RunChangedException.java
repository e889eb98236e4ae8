package io.modelbatch.launch;

import java.util.List;
import java.util.stream.Collectors;

/** An unfinished run would go on as another job than it began: the message says what changed. */
public final class RunChangedException extends RuntimeException {
    RunChangedException(String run, String command, List<RunDefinition.Change> changes) {
        super(run + " began with other settings, and is not complete:\n"
                + changes.stream().map(change -> "  " + change + "\n").collect(Collectors.joining())
                + "Undo the change, or go on with it where the run stopped: " + command + " accept-changes=true\n"
                + "Or abandon the run and start a new one: " + command + " again=true");
    }
}
