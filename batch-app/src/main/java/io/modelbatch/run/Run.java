package io.modelbatch.run;

import io.modelbatch.run.claim.ResultGuard;

/** A run, as its steps see it. */
public interface Run {
    /** The request to stop it. */
    StopRequest stop();

    /** Told the progress of its steps. */
    StepProgress progress();

    /** Asked before a result is published. */
    ResultGuard results();
}
