package io.modelbatch.run.claim;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.time.Instant;
import java.util.Optional;

/** Another process holds the run, or something that it writes. */
public final class RunHeldException extends RuntimeException implements Explained {
    /** With the holder and the way out, in words. */
    public RunHeldException(String message) {
        super(message);
    }

    static RunHeldException ofRun(String run, RunOwner holder, Instant since) {
        return new RunHeldException(run + " is running: process " + holder.processId() + " on " + holder.host()
                + " has held it since " + since
                + ". Wait until it ends; if that process has ended, its lease expires within "
                + Claims.DURATION.toSeconds() + " seconds.");
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.WAIT);
    }
}
