package io.modelbatch.worker;

import java.util.Locale;

/** The processes that execute the partitions of a run. */
public enum WorkerMode {
    /** The process that manages it. */
    LOCAL,
    /** Workers, which other commands start. */
    REMOTE,
    /** Workers, and the process that manages it. */
    BOTH;

    /** The property that chooses it. */
    public static final String PROPERTY = "modelbatch.workers";

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
