package io.modelbatch.step;

import io.modelbatch.artifact.ObjectUri;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;

/**
 * Where the artifacts of each run go: a folder of its own.
 *
 * @param root the folder of all runs
 */
public record RunFolder(ObjectUri root) {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss");

    /** The name by which people call a run: its job and the number of its job instance. */
    public static String runName(String job, long instance) {
        return job + "-" + instance;
    }

    /**
     * Names a run apart from those of every other job repository too, so that nothing of theirs is ever taken for this run's.
     *
     * @param run the run's name
     * @param created when its first execution was created
     */
    public static String unique(String run, LocalDateTime created) {
        return run + "-" + TIME.format(created);
    }

    /** The folder of a run. */
    public ObjectUri of(String run, LocalDateTime created) {
        return root.child(unique(run, created));
    }
}
