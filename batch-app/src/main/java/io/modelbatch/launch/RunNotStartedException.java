package io.modelbatch.launch;

import io.modelbatch.step.FailureCause;

/** A run could not begin: the message says why. */
public final class RunNotStartedException extends RuntimeException {
    private final ExitCode exit;

    RunNotStartedException(FailureCause cause, Throwable failure) {
        super(cause.message(), failure);
        this.exit = cause.remedy() == FailureCause.Remedy.RETRY ? ExitCode.FAILED : ExitCode.FAILED_FOR_GOOD;
    }

    /** How the command ends. */
    public ExitCode exit() {
        return exit;
    }
}
