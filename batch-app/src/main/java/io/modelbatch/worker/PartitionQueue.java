package io.modelbatch.worker;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.step.rows.PartitionDemand;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
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
    private final SchedulerClient client;
    private final DatabaseClock clock;

    PartitionQueue(DataSource repository, PlatformTransactionManager transactions, Claims claims, DatabaseClock clock) {
        this.jdbc = JdbcClient.create(repository);
        this.transactions = new TransactionTemplate(transactions);
        this.claims = claims;
        this.clock = clock;
        this.client = SchedulerClient.Builder.create(new TransactionAwareDataSourceProxy(repository), List.of())
                .tableName(TABLE)
                .serializer(new NoData())
                .build();
    }

    /**
     * Partitions of a dispatch that are not over.
     *
     * @param waiting those that a worker may take
     * @param heldBack those that their run holds back
     * @param executing those that a worker has taken
     * @param workers that have taken one
     */
    record Load(int waiting, int heldBack, int executing, int workers) {
        int all() {
            return waiting + heldBack + executing;
        }
    }

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

    /** Puts the partitions that a worker has back into the queue at once. What it still writes for them is refused. */
    void giveBack(String worker) {
        jdbc.sql(
                        "update MODELBATCH_TASK set PICKED = false, PICKED_BY = null, VERSION = VERSION + 1, EXECUTION_TIME = ?"
                                + " where PICKED and PICKED_BY = ?")
                .params(offset(clock.now()), worker)
                .update();
    }

    /**
     * The settings of a run for its partitions.
     *
     * @param priority those with a higher one are taken first
     * @param mostAtATime how many are executed at the same time
     */
    record Options(int priority, int mostAtATime) {}

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

    /** The versions of workers that are there and leave partitions of this version to others. */
    Set<String> otherVersionsOfWorkers() {
        return new TreeSet<>(jdbc.sql("select distinct VERSION from MODELBATCH_WORKER"
                        + " where VERSION <> ? and LAST_SEEN > current_timestamp - interval '90' second")
                .param(ProgramVersion.text())
                .query(String.class)
                .list());
    }

    /** The partitions of a dispatch that are not over. */
    Load load(long dispatch) {
        return jdbc.sql(
                        "select coalesce(sum(case when PICKED or EXECUTION_TIME >= ? then 0 else 1 end), 0),"
                                + " coalesce(sum(case when not PICKED and EXECUTION_TIME >= ? then 1 else 0 end), 0),"
                                + " coalesce(sum(case when PICKED then 1 else 0 end), 0),"
                                + " count(distinct case when PICKED then PICKED_BY end) from MODELBATCH_TASK where DISPATCH = ?")
                .params(offset(HELD_BACK), offset(HELD_BACK), dispatch)
                .query((row, n) -> new Load(row.getInt(1), row.getInt(2), row.getInt(3), row.getInt(4)))
                .single();
    }

    /** Lets workers take some of the partitions that are held back. */
    void release(long dispatch, int number) {
        jdbc.sql("update MODELBATCH_TASK set EXECUTION_TIME = ? where TASK_INSTANCE in"
                        + " (select TASK_INSTANCE from MODELBATCH_TASK where DISPATCH = ? and not PICKED and EXECUTION_TIME >= ?"
                        + " order by TASK_INSTANCE limit ?) and not PICKED")
                .params(offset(clock.now()), dispatch, offset(HELD_BACK), number)
                .update();
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

    /** Of these dispatches, those that are not asked to stop. */
    Set<Long> live(Set<Long> dispatches) {
        return Set.copyOf(jdbc.sql("select ID from MODELBATCH_DISPATCH where ID in (:ids) and STOPPING = 'N'")
                .param("ids", dispatches)
                .query(Long.class)
                .list());
    }

    /** Removes a dispatch with its tasks, and ends the step executions that workers left: these commit nothing more. */
    void end(Dispatch dispatch, Claim claim) {
        transactions.executeWithoutResult(transaction -> {
            claims.verify(claim);
            remove("ID = ?", dispatch.id());
            jdbc.sql("update BATCH_STEP_EXECUTION set STATUS = 'STOPPED', EXIT_CODE = 'STOPPED', VERSION = VERSION + 1,"
                            + " END_TIME = coalesce(LAST_UPDATED, CREATE_TIME) where JOB_EXECUTION_ID = ?"
                            + " and STEP_NAME like ? and STATUS in ('STARTING', 'STARTED')")
                    .params(dispatch.jobExecution(), dispatch.step() + ":%")
                    .update();
        });
    }

    private void remove(String which, Object value) {
        jdbc.sql("delete from MODELBATCH_TASK where DISPATCH in (select ID from MODELBATCH_DISPATCH where " + which
                        + ")")
                .param(value)
                .update();
        jdbc.sql("delete from MODELBATCH_DISPATCH where " + which).param(value).update();
    }

    /** Workers that a dispatch lost: those that gave no sign of life, and those that gave partitions back because they were stopped. */
    int lostWorkers(Dispatch dispatch) {
        return jdbc.sql("select count(distinct EXIT_MESSAGE) from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = ?"
                        + " and EXIT_CODE in ('LOST', 'GIVEN_BACK')")
                .param(dispatch.jobExecution())
                .query(Integer.class)
                .single();
    }

    /** The newest reason for which a worker left partitions of a dispatch to others; empty when none did. */
    Optional<String> refusal(Dispatch dispatch) {
        return jdbc.sql("select EXIT_MESSAGE from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = ? and EXIT_CODE = ?"
                        + " order by STEP_EXECUTION_ID desc fetch first 1 row only")
                .params(dispatch.jobExecution(), PartitionWorker.REFUSED)
                .query(String.class)
                .optional();
    }

    /** From now on, workers whose machine may be taken away take no partition of the dispatch. */
    void askForOnDemand(long dispatch) {
        jdbc.sql("update MODELBATCH_DISPATCH set ON_DEMAND = 'Y' where ID = ?")
                .param(dispatch)
                .update();
    }

    /** The newest step execution of a partition. */
    OptionalLong newest(Dispatch dispatch, int number) {
        return jdbc.sql(
                        "select max(STEP_EXECUTION_ID) from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = ? and STEP_NAME = ?")
                .params(dispatch.jobExecution(), dispatch.partition(number))
                .query((row, n) -> {
                    long id = row.getLong(1);
                    return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(id);
                })
                .single();
    }

    /** Step executions of a partition that failed one after the other without a commit. */
    int inVain(Dispatch dispatch, int number) {
        return jdbc.sql(
                        "select count(*) from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = :job and STEP_NAME = :name"
                                + " and STATUS = 'FAILED' and STEP_EXECUTION_ID > (select coalesce(max(STEP_EXECUTION_ID), 0)"
                                + " from BATCH_STEP_EXECUTION where JOB_EXECUTION_ID = :job and STEP_NAME = :name and COMMIT_COUNT > 0)")
                .param("job", dispatch.jobExecution())
                .param("name", dispatch.partition(number))
                .query(Integer.class)
                .single();
    }

    private static OffsetDateTime offset(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
