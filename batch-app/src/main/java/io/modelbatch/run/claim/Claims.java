package io.modelbatch.run.claim;

import com.google.common.base.Suppliers;
import java.sql.Connection;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.ResourceHolderSupport;
import org.springframework.transaction.support.ResourceHolderSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The claims on runs: a row of the job repository for each run that is being worked on. A row is good for {@link #DURATION} and renewed
 * all the time by its owner; when it has run out, or its owner is known to be dead, another process takes the run over and raises the
 * epoch.
 */
public final class Claims {
    /** The time for which a claim is good that is not renewed. */
    public static final Duration DURATION = Duration.ofSeconds(20);

    /**
     * Between two statements of a transaction that holds locks. PostgreSQL ends the transaction of a process that is suspended, or whose machine is
     * gone, after that time; until then it keeps its task, and who takes the run over waits for it.
     */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);
    private static final String HELD = "l.RUN_KEY = ? and l.OWNER_ID = ? and l.EPOCH = ?";

    private final JdbcClient jdbc;
    private final ClaimClock clock;
    private final OnTakeover onTakeover;
    private final Supplier<Boolean> isPostgres;

    /** A claim, as its renewal found it. */
    enum Renewal {
        RENEWED,
        STOP_REQUESTED,
        LOST
    }

    /**
     * Claims in a job repository.
     *
     * @param onTakeover told when a claim turns out to be lost
     */
    public Claims(DataSource repository, ClaimClock clock, OnTakeover onTakeover) {
        this.jdbc = JdbcClient.create(repository);
        this.clock = clock;
        this.onTakeover = onTakeover;
        this.isPostgres = Suppliers.memoize(() -> isPostgres(new JdbcTemplate(repository)));
    }

    private static boolean isPostgres(JdbcTemplate repository) {
        String database = repository.execute(
                (Connection connection) -> connection.getMetaData().getDatabaseProductName());
        return "PostgreSQL".equals(database);
    }

    private String selectLocked() {
        return isPostgres.get()
                ? "select set_config('idle_in_transaction_session_timeout', '" + LONGEST_PAUSE.toMillis() + "', true)"
                : "select 1";
    }

    /**
     * Those who verify share the row, so that no partition waits for the commit of another one, and no renewal waits for them. H2, which serves
     * one machine, has no such lock.
     */
    private String lockOfRun() {
        return isPostgres.get() ? " for key share of l" : " for update";
    }

    /** The row of a task is that of one worker. Whoever gives the task to another one waits for its commit. */
    private String lockOfRunAndTask() {
        return isPostgres.get() ? " for key share of l for update of t" : " for update";
    }

    /**
     * Takes a run, or takes it over from an owner that is gone.
     *
     * @param patience how long to wait for another process that holds it
     * @throws RunHeldException when another process holds it to the end
     */
    public Claim take(String run, RunOwner owner, Duration patience) {
        long end = System.nanoTime() + patience.toNanos(); // the time of day may jump
        while (true) {
            OptionalLong epoch = insert(run, owner) ? OptionalLong.of(1) : takeOver(run, owner);
            if (epoch.isPresent()) {
                return new Claim(run, owner.id(), epoch.getAsLong());
            }
            Optional<Holder> holder = holder(run);
            if (holder.isPresent() && System.nanoTime() - end >= 0) {
                throw RunHeldException.ofRun(
                        run, holder.get().owner(), holder.get().since());
            }
            pause();
        }
    }

    /**
     * Returns when the run is still that of the claim. Inside a transaction nobody else gets the run before the end of that: its row is locked,
     * and asked for once, however often this is called.
     *
     * @throws ClaimLostException when the run was taken over
     */
    public void verify(Claim claim) {
        if (!TransactionSynchronizationManager.isSynchronizationActive()) {
            lock(claim);
        } else if (!TransactionSynchronizationManager.hasResource(claim)) {
            lock(claim);
            Locked locked = new Locked();
            TransactionSynchronizationManager.bindResource(claim, locked);
            TransactionSynchronizationManager.registerSynchronization(
                    new ResourceHolderSynchronization<Locked, Claim>(locked, claim) {});
        }
    }

    /** True as long as nobody took the run over. Takes no lock: it may change at once. */
    boolean isHeld(Claim claim) {
        return jdbc.sql("select 1 from MODELBATCH_LEASE l where " + HELD)
                .params(claim.run(), claim.owner(), claim.epoch())
                .query(Integer.class)
                .optional()
                .isPresent();
    }

    private void lock(Claim claim) {
        Claim.Task task = claim.task();
        if (task == null) {
            if (!isLocked(" from MODELBATCH_LEASE l where " + HELD + lockOfRun(), claim)) {
                throw lost(claim);
            }
        } else if (!isLocked(
                " from MODELBATCH_LEASE l, MODELBATCH_TASK t where " + HELD + " and t.TASK_NAME = '" + Claim.Task.NAME
                        + "' and t.TASK_INSTANCE = ? and t.VERSION = ?" + lockOfRunAndTask(),
                claim,
                task.id(),
                task.version())) {
            throw isHeld(claim) ? ClaimLostException.ofTask(claim.run(), task) : new ClaimLostException(claim);
        }
    }

    private boolean isLocked(String from, Claim claim, Object... task) {
        return jdbc.sql(selectLocked() + from)
                .params(claim.run(), claim.owner(), claim.epoch())
                .params(task)
                .query(String.class)
                .optional()
                .isPresent();
    }

    ClaimLostException lost(Claim claim) {
        onTakeover.lost(claim);
        return new ClaimLostException(claim);
    }

    /** Asks the owner of a run to stop it; false when nobody holds it. */
    public boolean askToStop(String run) {
        return jdbc.sql("update MODELBATCH_LEASE set STOP_REQUESTED = 'Y' where RUN_KEY = ?")
                        .param(run)
                        .update()
                == 1;
    }

    /** True when a process that is not known to be gone holds the run. */
    public boolean isHeld(String run) {
        return holder(run).filter(holder -> !holder.owner().isDead()).isPresent();
    }

    /** The processes that hold runs, by the runs' keys. */
    public Map<String, RunProcess> holders() {
        Map<String, RunProcess> holders = new HashMap<>();
        jdbc.sql("select RUN_KEY, OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE, EXPIRES, case when EXPIRES < "
                        + clock.now() + " then 'Y' else 'N' end from MODELBATCH_LEASE")
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

    /** Makes a claim good for {@link #DURATION} from now on. */
    Renewal renew(Claim claim) {
        if (extend(claim, " and STOP_REQUESTED = 'N'")) {
            return Renewal.RENEWED;
        }
        return extend(claim, "") ? Renewal.STOP_REQUESTED : Renewal.LOST;
    }

    /** False when the run is not that of the claim any more, or the condition does not hold. */
    private boolean extend(Claim claim, String condition) {
        return jdbc.sql("update MODELBATCH_LEASE set EXPIRES = " + expiry()
                                + " where RUN_KEY = ? and OWNER_ID = ? and EPOCH = ?" + condition)
                        .params(claim.run(), claim.owner(), claim.epoch())
                        .update()
                == 1;
    }

    /**
     * Gives a run back, with what is left of it in the queue of partitions: whoever takes it next puts there what is left to do. Does nothing when
     * it was taken over.
     */
    public void release(Claim claim) {
        String left = "MODELBATCH_DISPATCH where RUN_KEY = ? and exists (select 1 from MODELBATCH_LEASE l where " + HELD
                + ")";
        for (String rows : List.of("MODELBATCH_TASK where DISPATCH in (select ID from " + left + ")", left)) {
            jdbc.sql("delete from " + rows)
                    .params(claim.run(), claim.run(), claim.owner(), claim.epoch())
                    .update();
        }
        jdbc.sql("delete from MODELBATCH_LEASE where RUN_KEY = ? and OWNER_ID = ? and EPOCH = ?")
                .params(claim.run(), claim.owner(), claim.epoch())
                .update();
    }

    private boolean insert(String run, RunOwner owner) {
        try {
            jdbc.sql(
                            "insert into MODELBATCH_LEASE (RUN_KEY, OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE, EXPIRES,"
                                    + " STOP_REQUESTED, EPOCH) values (?, ?, ?, ?, ?, " + clock.now() + ", " + expiry()
                                    + ", 'N', 1)")
                    .params(run, owner.id(), owner.machine(), owner.processId(), owner.processStarted())
                    .update();
            return true;
        } catch (DuplicateKeyException taken) {
            return false;
        }
    }

    /** The new epoch; empty when the owner is there, or another process was faster. */
    private OptionalLong takeOver(String run, RunOwner owner) {
        Optional<Holder> holder = holder(run);
        if (holder.isEmpty()) {
            return insert(run, owner) ? OptionalLong.of(1) : OptionalLong.empty();
        }
        RunOwner before = holder.get().owner();
        long epoch = holder.get().epoch();
        String expired = before.isDead() ? "" : " and EXPIRES < " + clock.now();
        boolean taken = jdbc.sql("update MODELBATCH_LEASE set OWNER_ID = ?, MACHINE = ?, PROCESS_ID = ?,"
                                + " PROCESS_STARTED = ?, EPOCH = EPOCH + 1, STOP_REQUESTED = 'N', SINCE = "
                                + clock.now() + ", EXPIRES = " + expiry()
                                + " where RUN_KEY = ? and OWNER_ID = ? and EPOCH = ?" + expired)
                        .params(owner.id(), owner.machine(), owner.processId(), owner.processStarted())
                        .params(run, before.id(), epoch)
                        .update()
                == 1;
        if (!taken) {
            return OptionalLong.empty();
        }
        awaitCommits(run);
        return OptionalLong.of(epoch + 1);
    }

    /**
     * Waits for the transactions that verified the claim before. From the new epoch on nobody else verifies it, so those that commit all the time
     * cannot keep it waiting. PostgreSQL keeps their locks with the row, whoever changes it.
     */
    private void awaitCommits(String run) {
        jdbc.sql("select 1 from MODELBATCH_LEASE where RUN_KEY = ? for update")
                .param(run)
                .query(Integer.class)
                .optional();
    }

    private String expiry() {
        return clock.now() + " + interval '" + DURATION.toSeconds() + "' second";
    }

    /** Waits a moment for something that another process does. */
    public static void pause() {
        try {
            Thread.sleep(BETWEEN_TRIES.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a run", e);
        }
    }

    private Optional<Holder> holder(String run) {
        return jdbc.sql("select OWNER_ID, MACHINE, PROCESS_ID, PROCESS_STARTED, SINCE, EPOCH from MODELBATCH_LEASE"
                        + " where RUN_KEY = ?")
                .param(run)
                .query((row, n) -> new Holder(
                        new RunOwner(row.getString(1), row.getString(2), row.getLong(3), row.getLong(4)),
                        row.getObject(5, OffsetDateTime.class).toInstant(),
                        row.getLong(6)))
                .optional();
    }

    private record Holder(RunOwner owner, Instant since, long epoch) {}

    /** Marks a transaction in which a claim was verified. */
    private static final class Locked extends ResourceHolderSupport {}
}
