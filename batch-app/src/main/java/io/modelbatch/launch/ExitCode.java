package io.modelbatch.launch;

/**
 * How a command ends, for the scheduler that started it. A run that a signal stopped ends with {@link #STOPPED}; a process that a
 * signal ends outside a run, or that cannot stop in time, ends with 128 and the signal's number.
 */
public enum ExitCode {
    /** Completed, or was already complete. */
    COMPLETED(0),
    /** Failed; the same command may succeed. */
    FAILED(1),
    /** Wrong usage or configuration. */
    USAGE(2),
    /** Failed, and only other data, another model or another configuration can help. */
    FAILED_FOR_GOOD(3),
    /** Stopped on request; the same command goes on. */
    STOPPED(4),
    /** Another process holds this run. */
    HELD(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** The process exit status. */
    public int code() {
        return code;
    }
}
