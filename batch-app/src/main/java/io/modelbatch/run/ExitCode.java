package io.modelbatch.run;

import io.modelbatch.base.Remedy;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The exit code of a command, for the scheduler that started it. A run that a signal stopped ends with {@link #STOPPED}; a process that a
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
    /** Stopped on request; the same command resumes the run. */
    STOPPED(4),
    /** Another process holds this run. */
    HELD(5);

    private final int code;

    ExitCode(int code) {
        this.code = code;
    }

    /** That of a command which failed, by what may help. */
    public static ExitCode after(Remedy remedy) {
        return switch (remedy) {
            case RETRY -> FAILED;
            case CHANGE -> FAILED_FOR_GOOD;
            case CONFIGURE -> USAGE;
            case WAIT -> HELD;
        };
    }

    /** By its name; empty where there is none. */
    public static Optional<ExitCode> named(@Nullable String name) {
        return Arrays.stream(values()).filter(exit -> exit.name().equals(name)).findFirst();
    }

    /** By its number; empty where there is none. */
    public static Optional<ExitCode> of(@Nullable Integer code) {
        return Arrays.stream(values())
                .filter(exit -> Integer.valueOf(exit.code).equals(code))
                .findFirst();
    }

    /** The process exit status. */
    public int code() {
        return code;
    }
}
