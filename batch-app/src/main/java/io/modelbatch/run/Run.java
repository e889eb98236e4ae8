package io.modelbatch.run;

import io.modelbatch.run.claim.ResultGuard;
import java.util.OptionalInt;

/** A run, as its steps see it. */
public interface Run {
    /** The request to stop it. */
    StopRequest stop();

    /** Told the progress of its steps. */
    StepProgress progress();

    /** Number of lost workers after which it asks for machines that stay; empty for never. */
    OptionalInt spotFallbackAfter();

    /** Asked before a result is published. */
    ResultGuard results();
}
