package io.modelbatch.run.claim;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;

/** A claim that is renewed in the background until it is closed. */
public final class RunLease implements AutoCloseable {
    private static final Duration RENEWAL = Duration.ofSeconds(2);
    private static final Logger log = LoggerFactory.getLogger(RunLease.class);

    private final Claims claims;
    private final Claim claim;
    private final Runnable stop;
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            new ThreadFactoryBuilder().setNameFormat("lease").setDaemon(true).build());
    private boolean open = true;
    private volatile long renewedAt = System.nanoTime();

    private RunLease(Claims claims, Claim claim, Runnable stop) {
        this.claims = claims;
        this.claim = claim;
        this.stop = stop;
    }

    /**
     * Takes a run, or takes it over from an owner that is gone.
     *
     * @param patience how long to wait for another process that holds it
     * @param stop called, perhaps several times, when somebody asks for the run to stop, and when it was taken over
     * @throws RunHeldException when another process holds it to the end
     */
    public static RunLease take(Claims claims, String run, Duration patience, Runnable stop) {
        RunLease lease = new RunLease(claims, claims.take(run, RunOwner.thisProcess(), patience), stop);
        lease.renewals.scheduleWithFixedDelay(
                lease::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
        return lease;
    }

    /** The claim. */
    public Claim claim() {
        return claim;
    }

    /**
     * Returns when the run is still ours.
     *
     * @throws ClaimLostException when it was taken over
     */
    public void verify() {
        claims.verify(claim);
    }

    /** False when the run was taken over. Takes no lock. */
    public boolean isHeld() {
        return claims.isHeld(claim);
    }

    /** The time since the claim was taken or renewed. */
    public Duration sinceRenewal() {
        return Duration.ofNanos(System.nanoTime() - renewedAt);
    }

    private synchronized void renew() {
        if (!open) {
            return;
        }
        try {
            switch (claims.renew(claim)) {
                case RENEWED -> renewedAt = System.nanoTime();
                case STOP_REQUESTED -> {
                    renewedAt = System.nanoTime();
                    stop.run();
                }
                case LOST -> {
                    stop.run();
                    renewals.shutdown();
                    log.warn("The claim on {} is lost", claim.run(), claims.lost(claim));
                }
            }
        } catch (DataAccessException e) {
            log.warn("The lease of {} could not be renewed; trying again in {}", claim.run(), RENEWAL, e);
        }
    }

    /** Gives the run back. A renewal that is under way ends first. */
    @Override
    public synchronized void close() {
        // Without an interrupt: one in the middle of a commit closes H2's file.
        renewals.shutdown();
        if (open) {
            open = false;
            claims.release(claim);
        }
    }
}
