package io.modelbatch.launch;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.store.ObjectUri;
import java.time.Instant;
import java.util.Optional;

/** Another process holds the run, or something that it writes. */
public final class RunHeldException extends RuntimeException implements Explained {
    private RunHeldException(String message) {
        super(message);
    }

    static RunHeldException ofRun(String run, String host, long processId, Instant since) {
        return new RunHeldException(run + " is running: process " + processId + " on " + host + " has held it since "
                + since + ". Wait until it ends; if that process has ended, its lease expires within "
                + Lease.DURATION.toSeconds() + " seconds.");
    }

    static RunHeldException ofTarget(String target, String run, String host, long processId, Instant since) {
        return new RunHeldException(target + " is being written by another run, " + run + " (process " + processId
                + " on " + host + ", since " + since + "). Wait until it ends, for instance with wait=1h, or write"
                + " somewhere else; if that process has ended, its lease expires within " + Lease.DURATION.toSeconds()
                + " seconds.");
    }

    static RunHeldException ofFolder(ObjectUri folder, ObjectUri marker, ResultMarkers.Content by) {
        return new RunHeldException(folder + " is being written by a run of another job repository, " + by.run()
                + " (process " + by.owner().processId() + " on " + by.owner().host() + ", since " + by.since()
                + "). Wait until it ends, for instance with wait=1h, or write somewhere else; if that process is gone, "
                + marker + ", renewed at " + by.renewed() + ", expires "
                + ResultMarkers.STALE.toMinutes() + " minutes after that.");
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.WAIT);
    }
}
