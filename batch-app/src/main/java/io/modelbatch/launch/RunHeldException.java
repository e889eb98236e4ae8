package io.modelbatch.launch;

import java.time.Instant;

/** Another process holds the run. */
public final class RunHeldException extends RuntimeException {
    RunHeldException(String run, String host, long processId, Instant since) {
        super(run + " is running: process " + processId + " on " + host + " has held it since " + since
                + ". Wait until it ends; if that process is gone, its hold runs out within "
                + Lease.DURATION.toSeconds() + " seconds.");
    }
}
