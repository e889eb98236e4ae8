package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.step.rows.PartitionDemand;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.sql.DataSource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The queue of partitions in the job repository: {@code MODELBATCH_DISPATCH}, and {@code MODELBATCH_TASK}, whose rows db-scheduler changes. */
final class PartitionQueue {
    static final String TABLE = "MODELBATCH_TASK";

    /** The time of partitions that their run holds back. */
    private static final Instant HELD_BACK = Instant.parse("9999-01-01T00:00:00Z");

    private final JdbcClient jdbc;
    private final TransactionTemplate transactions;
    private final Claims claims;
    private final PartitionHistory history;
    private final SchedulerClient client;
    private final DatabaseClock clock;

    PartitionQueue(
            DataSource repository,
            PlatformTransactionManager transactions,
            Claims claims,
            PartitionHistory history,
            DatabaseClock clock) {
        this.jdbc = JdbcClient.create(repository);
        this.transactions = new TransactionTemplate(transactions);
        this.claims = claims;
        this.history = history;
        this.clock = clock;
        this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(repository), List.of())
                .tableName(TABLE)
                .serializer(new NoData())
                .build();
    }

    /**
     * Partitions of a dispatch.
     *
     * @param open those that are not over
     * @param executing those of them that a worker has taken
     * @param workers that have taken one
     */
    record Load(int open, int executing, int workers) {}

    /**
     * The settings of a run for its partitions.
     *
     * @param priority those with a higher one are taken first
     * @param mostAtATime how many are executed at the same time
     */
    record Options(int priority, int mostAtATime) {}

    /** Puts the partitions of a step into the queue, in place of those that an earlier manager of the run left there. Their workers commit nothing more. */
    void put(Dispatch dispatch, Collection<Integer> partitions, Options options, Claim claim) {
        transactions.executeWithoutResult(transaction -> {
            claims.verify(claim);
            remove("RUN_KEY = ?", dispatch.run());
            PartitionDemand demand = dispatch.demand();
            jdbc.sql(
                            "insert into MODELBATCH_DISPATCH (ID, JOB_EXECUTION_ID, JOB_NAME, RUN_KEY, STEP_NAME, DEVICE, MEMORY,"
                                    + " MODEL, PRIORITY, ON_DEMAND, STOPPING, VERSION) values (?, ?, ?, ?, ?, ?, ?, ?, ?, 'N', 'N', ?)")
                    .params(dispatch.id(), dispatch.jobExecution(), dispatch.job(), dispatch.run(), dispatch.step())
                    .params(demand.device().name().toLowerCase(Locale.ROOT), demand.memory())
                    .param(demand.model())
                    .params(options.priority(), ProgramVersion.text())
                    .update();
            schedule(dispatch, partitions, options);
        });
    }

    private void schedule(Dispatch dispatch, Collection<Integer> partitions, Options options) {
        List<TaskInstance<?>> now = new ArrayList<>();
        List<TaskInstance<?>> later = new ArrayList<>();
        for (int number : new TreeSet<>(partitions)) {
            TaskInstance<?> task = PartitionTask.TYPE
                    .instance(new PartitionTask(dispatch.id(), number).instance())
                    .build();
            (now.size() < options.mostAtATime() ? now : later).add(task);
        }
        schedule(now, clock.now());
        schedule(later, HELD_BACK);
    }

    private void schedule(List<TaskInstance<?>> tasks, Instant time) {
        if (!tasks.isEmpty()) {
            client.scheduleBatch(tasks, time);
        }
    }

    /**
     * Removes a partition that is over, and releases one that its run holds back: in one statement, so that neither is done without the other.
     *
     * @param version of the task, as its worker took it
     * @return false when another worker has it, or its run was taken over
     */
    boolean remove(PartitionTask task, long version) {
        return jdbc.sql("with REMOVED as (delete from MODELBATCH_TASK where TASK_NAME = :name and TASK_INSTANCE = :task"
                                + " and VERSION = :version returning 1),"
                                + " NEXT_ONE as (select TASK_NAME, TASK_INSTANCE from MODELBATCH_TASK where DISPATCH = :dispatch"
                                + " and not PICKED and EXECUTION_TIME >= :heldBack and exists (select 1 from REMOVED)"
                                + " limit 1 for update skip locked),"
                                + " RELEASED as (update MODELBATCH_TASK t set EXECUTION_TIME = :now from NEXT_ONE n"
                                + " where t.TASK_NAME = n.TASK_NAME and t.TASK_INSTANCE = n.TASK_INSTANCE)"
                                + " select count(*) from REMOVED")
                        .param("name", Claim.Task.NAME)
                        .param("task", task.instance())
                        .param("version", version)
                        .param("dispatch", task.dispatch())
                        .param("heldBack", offset(HELD_BACK))
                        .param("now", offset(clock.now()))
                        .query(Integer.class)
                        .single()
                == 1;
    }

    /**
     * Puts a partition back, for the next worker. What its worker still writes for it is refused.
     *
     * @param version of the task, as its worker took it
     * @param pause until a worker may take it
     * @return false when another worker has it, or its run was taken over
     */
    boolean putBack(PartitionTask task, long version, Duration pause) {
        return putBack(
                        "TASK_NAME = ? and TASK_INSTANCE = ? and VERSION = ?",
                        pause,
                        Claim.Task.NAME,
                        task.instance(),
                        version)
                == 1;
    }

    /** Puts all partitions that a worker has back. What it still writes for them is refused. */
    void putBackAll(String worker) {
        putBack("PICKED and PICKED_BY = ?", Duration.ZERO, worker);
    }

    /**
     * Puts the partitions of a dispatch back for which there was no sign of life. What is still written for them is refused. One that is committing is
     * passed over: nobody waits for it, or for a machine that vanished within its commit.
     *
     * @param except those that the manager's own process executes
     */
    void putBackGone(long dispatch, Set<PartitionTask> except) {
        putBack(
                "(TASK_NAME, TASK_INSTANCE) in (select TASK_NAME, TASK_INSTANCE from MODELBATCH_TASK where DISPATCH = ? and PICKED"
                        + " and LAST_HEARTBEAT <= current_timestamp - interval '"
                        + WorkerRegister.GONE.toSeconds()
                        + "' second and TASK_INSTANCE <> all (?) for update skip locked)",
                Duration.ZERO,
                dispatch,
                PartitionTask.instances(except));
    }

    private int putBack(String which, Duration pause, Object... values) {
        return jdbc.sql(
                        "update MODELBATCH_TASK set PICKED = false, PICKED_BY = null, LAST_HEARTBEAT = null, VERSION = VERSION + 1,"
                                + " EXECUTION_TIME = ? where " + which)
                .param(offset(clock.now().plus(pause)))
                .params(values)
                .update();
    }

    Optional<Dispatch> find(long id) {
        return jdbc.sql(
                        "select JOB_EXECUTION_ID, JOB_NAME, RUN_KEY, STEP_NAME, DEVICE, MEMORY, MODEL from MODELBATCH_DISPATCH"
                                + " where ID = ? and STOPPING = 'N'")
                .param(id)
                .query((row, n) -> new Dispatch(
                        id,
                        row.getLong(1),
                        row.getString(2),
                        row.getString(3),
                        row.getString(4),
                        new PartitionDemand(
                                PartitionDemand.Device.valueOf(row.getString(5).toUpperCase(Locale.ROOT)),
                                row.getLong(6),
                                row.getString(7))))
                .optional();
    }

    /** The versions of managers whose partitions wait, and which workers of this version leave to others. */
    Set<String> otherVersionsWaiting() {
        return new TreeSet<>(jdbc.sql("select distinct d.VERSION from MODELBATCH_DISPATCH d"
                        + " where d.STOPPING = 'N' and d.VERSION <> ?"
                        + " and exists (select 1 from MODELBATCH_TASK t where t.DISPATCH = d.ID and not t.PICKED)")
                .param(ProgramVersion.text())
                .query(String.class)
                .list());
    }

    /** The partitions of a dispatch. */
    Load load(long dispatch) {
        return jdbc.sql(
                        "select count(*), coalesce(sum(case when PICKED then 1 else 0 end), 0),"
                                + " count(distinct case when PICKED then PICKED_BY end) from MODELBATCH_TASK where DISPATCH = ?")
                .param(dispatch)
                .query((row, n) -> new Load(row.getInt(1), row.getInt(2), row.getInt(3)))
                .single();
    }

    /** Asks the workers of a dispatch to stop, and lets no other take a partition of it. */
    void stop(long dispatch) {
        jdbc.sql("update MODELBATCH_DISPATCH set STOPPING = 'Y' where ID = ?")
                .param(dispatch)
                .update();
        jdbc.sql("delete from MODELBATCH_TASK where DISPATCH = ? and not PICKED")
                .param(dispatch)
                .update();
    }

    /** Removes a dispatch with its tasks, and ends the step executions of workers that still have one: these commit nothing more. */
    void end(Dispatch dispatch, Claim claim) {
        transactions.executeWithoutResult(transaction -> {
            claims.verify(claim);
            remove("ID = ?", dispatch.id());
            history.end(dispatch);
        });
    }

    private void remove(String which, Object value) {
        jdbc.sql("delete from MODELBATCH_TASK where DISPATCH in (select ID from MODELBATCH_DISPATCH where " + which
                        + ")")
                .param(value)
                .update();
        jdbc.sql("delete from MODELBATCH_DISPATCH where " + which).param(value).update();
    }

    /** From now on, workers whose machine may be taken away take no partition of the dispatch. */
    void askForOnDemand(long dispatch) {
        jdbc.sql("update MODELBATCH_DISPATCH set ON_DEMAND = 'Y' where ID = ?")
                .param(dispatch)
                .update();
    }

    private static OffsetDateTime offset(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
