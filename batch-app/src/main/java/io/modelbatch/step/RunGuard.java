package io.modelbatch.step;

/** Keeps a process that lost its run from writing anything more. */
@FunctionalInterface
public interface RunGuard {
    /**
     * Called inside every chunk's transaction before it commits. Does not return when another process holds the run by now:
     * the process halts.
     */
    void verify();
}
