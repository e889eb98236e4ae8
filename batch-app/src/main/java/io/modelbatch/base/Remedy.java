package io.modelbatch.base;

/** The remedy of a failure. Decides the exit code. */
public enum Remedy {
    /** The same command, for the cause may pass: a full disk, a lost connection. */
    RETRY,
    /** Only other data, another model or another job. */
    CHANGE,
    /** Another command line, job file or setting. */
    CONFIGURE,
    /** Time, until another process ends. */
    WAIT
}
