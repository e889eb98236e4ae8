package io.modelbatch.step.command;

import java.time.Duration;

/**
 * An attempt at a program that has ended.
 *
 * @param end its end
 * @param exitCode of the program; 128 and the signal's number for one that a signal ended
 * @param time that it took
 */
record Attempt(End end, int exitCode, Duration time) {
    /** The ends of an attempt. */
    enum End {
        /** By itself. */
        EXITED,
        /** Ended because the run was asked to stop. */
        STOPPED,
        /** Ended because it took too long. */
        TIMED_OUT
    }

    boolean succeeded() {
        return end == End.EXITED && exitCode == 0;
    }
}
