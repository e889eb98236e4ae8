package io.modelbatch.launch;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.step.RunGuard;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The right to work on one run: a row in the job repository, good for a while by the database's clock and renewed in the
 * background. A process that lost it halts at its next commit.
 */
final class Lease implements RunGuard {
    static final Duration DURATION = Duration.ofSeconds(20);
    private static final Duration RENEWAL = Duration.ofSeconds(2);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final Logger log = LoggerFactory.getLogger(Lease.class);
    private static final String EXPIRES = "current_timestamp + interval '" + DURATION.toSeconds() + "' second";

    private final JdbcClient jdbc;
    private final RunOwner self = RunOwner.thisProcess();
    private final ScheduledExecutorService renewals = Executors.newSingleThreadScheduledExecutor(
            new ThreadFactoryBuilder().setNameFormat("lease").setDaemon(true).build());
    private volatile @Nullable String held;
    private volatile Runnable onStop = () -> {};

    Lease(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Takes the run, or takes it over from an owner that is gone.
     *
     * @param patience how long to wait for another process that holds it
     * @param stop called, perhaps several times, when another process asks for the run to stop
     * @throws RunHeldException when another process holds it to the end
     */
    void acquire(String run, Duration patience, Runnable stop) {
        long end = System.nanoTime() + patience.toNanos(); // the time of day may jump
        while (!insert(run) && !takeOver(run)) {
            Optional<Holder> holder = holder(run);
            if (holder.isPresent() && System.nanoTime() - end >= 0) {
                RunOwner owner = holder.get().owner();
                throw RunHeldException.ofRun(
                        run, owner.host(), owner.processId(), holder.get().since());
            }
            pause();
        }
        held = run;
        onStop = stop;
        renewals.scheduleWithFixedDelay(this::renew, RENEWAL.toMillis(), RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Asks the process that holds a run to stop it; false when none does. */
    boolean askToStop(String run) {
        return jdbc.sql("update MODELBATCH_LEASE set STOP_REQUESTED = 'Y' where RUN_KEY = ?")
                        .param(run)
                        .update()
                == 1;
    }

    /** True when a process that is not known to be gone holds the run. */
    boolean isHeld(String run) {
        return holder(run).filter(holder -> !holder.owner().isDead()).isPresent();
    }

    /** The id of this process, different from all others. */
    String owner() {
        return self.id();
    }

    /** The processes that hold runs, by the runs' keys. */
    Map<String, RunProcess> holders() {
        Map<String, RunProcess> holders = new HashMap<>();
        jdbc.sql("select RUN_KEY, OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE, EXPIRES,"
                        + " case when EXPIRES < current_timestamp then 'Y' else 'N' end from MODELBATCH_LEASE")
                .query(row -> {
                    RunOwner owner = new RunOwner(row.getString(2), row.getString(3), row.getLong(4), row.getLong(5));
                    Instant since = row.getObject(6, OffsetDateTime.class).toInstant();
                    Instant expires = row.getObject(7, OffsetDateTime.class).toInstant();
                    boolean gone = owner.isDead() || row.getString(8).equals("Y");
                    holders.put(
                            row.getString(1),
                            new RunProcess(owner.host(), owner.processId(), since, expires.minus(DURATION), gone));
                });
        return holders;
    }

    /** Gives the run back. A renewal that is under way ends first. */
    synchronized void release() {
        // Without an interrupt: one in the middle of a commit closes H2's file.
        renewals.shutdown();
        String run = held;
        if (run != null) {
            held = null;
            jdbc.sql("delete from MODELBATCH_LEASE where RUN_KEY = ? and OWNER_ID = ?")
                    .params(run, self.id())
                    .update();
        }
    }

    @Override
    public void verify() {
        String run = held;
        boolean ours = run != null
                && !jdbc.sql("select 1 from MODELBATCH_LEASE where RUN_KEY = ? and OWNER_ID = ? for update")
                        .params(run, self.id())
                        .query(Integer.class)
                        .list()
                        .isEmpty();
        if (!ours) {
            halt(run);
        }
    }

    private boolean insert(String run) {
        try {
            jdbc.sql(
                            "insert into MODELBATCH_LEASE (RUN_KEY, OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE, EXPIRES, STOP_REQUESTED)"
                                    + " values (?, ?, ?, ?, ?, current_timestamp, " + EXPIRES + ", 'N')")
                    .params(run, self.id(), self.machine(), self.processId(), self.processStarted())
                    .update();
            return true;
        } catch (DuplicateKeyException taken) {
            return false;
        }
    }

    private boolean takeOver(String run) {
        Optional<Holder> holder = holder(run);
        if (holder.isEmpty()) {
            return insert(run);
        }
        String expired = holder.get().owner.isDead() ? "" : " and EXPIRES < current_timestamp";
        return jdbc.sql("update MODELBATCH_LEASE set OWNER_ID = ?, MACHINE = ?, PROCESS_ID = ?, PROCESS_STARTED = ?,"
                                + " SINCE = current_timestamp, STOP_REQUESTED = 'N', EXPIRES = " + EXPIRES
                                + " where RUN_KEY = ? and OWNER_ID = ?" + expired)
                        .params(self.id(), self.machine(), self.processId(), self.processStarted())
                        .params(run, holder.get().owner.id())
                        .update()
                == 1;
    }

    private synchronized void renew() {
        String run = held;
        if (run == null) {
            return;
        }
        try {
            if (extend(run, " and STOP_REQUESTED = 'N'")) {
                return;
            }
            if (extend(run, "")) {
                onStop.run();
            } else if (held != null) {
                halt(run);
            }
        } catch (DataAccessException e) {
            log.warn("The lease of {} could not be renewed; trying again in {}", run, RENEWAL, e);
        }
    }

    /** False when the run is not ours, or the condition does not hold. */
    private boolean extend(String run, String condition) {
        return jdbc.sql("update MODELBATCH_LEASE set EXPIRES = " + EXPIRES + " where RUN_KEY = ? and OWNER_ID = ?"
                                + condition)
                        .params(run, self.id())
                        .update()
                == 1;
    }

    static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a run", e);
        }
    }

    private Optional<Holder> holder(String run) {
        return jdbc.sql(
                        "select OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE from MODELBATCH_LEASE where RUN_KEY = ?")
                .param(run)
                .query((row, n) -> new Holder(
                        new RunOwner(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                        row.getObject(5, OffsetDateTime.class).toInstant()))
                .optional();
    }

    /** Not an exception: anything that a caller could still do would be done to a run that is not ours. */
    private static void halt(@Nullable String run) {
        System.err.println("Another process took over " + run + "; this one halts and writes nothing more.");
        Runtime.getRuntime().halt(ExitCode.HELD.code());
    }

    private record Holder(RunOwner owner, Instant since) {}
}
