package io.modelbatch.step.command;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * An attempt at a program that has ended.
 *
 * @param end its end
 * @param exitCode of the program; 128 and the signal's number for one that a signal ended
 * @param time that it took
 * @param memory its memory
 */
record Attempt(End end, int exitCode, Duration time, Memory memory) {
    /** The ends of an attempt. */
    enum End {
        /** By itself. */
        EXITED,
        /** Ended because the run was asked to stop. */
        STOPPED,
        /** Ended because it took too long. */
        TIMED_OUT
    }

    /** The kernel's part in the end. */
    enum Kills {
        /** It ended no process for lack of memory. */
        NONE,
        /** It ended one that had reached the limit of the step. */
        AT_LIMIT,
        /** It ended one of this container, or of the group of processes that Modelbatch is in. */
        OF_CONTAINER
    }

    /**
     * The memory of its processes.
     *
     * @param peak the most bytes, together where a control group counted them, else of one process; empty where nothing counted it
     * @param kills processes that the kernel ended
     */
    record Memory(OptionalLong peak, Kills kills) {}

    boolean succeeded() {
        return end == End.EXITED && exitCode == 0;
    }
}
