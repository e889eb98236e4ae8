package io.modelbatch.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.kagkarlsson.scheduler.jdbc.DefaultJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.Execution;
import io.modelbatch.PostgresServer;
import io.modelbatch.base.ManualTicker;
import io.modelbatch.run.TestRepository;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.rows.PartitionDemand;
import io.modelbatch.step.rows.PartitionDemand.Device;
import io.modelbatch.worker.WorkerSource.Machines;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The queue on a real PostgreSQL: which partitions a worker may take, in which order. */
class PartitionQueueTest {
    private static final String SMALL = "a".repeat(64);
    private static final String LARGE = "b".repeat(64);
    private static final PartitionQueue.Options USUAL = new PartitionQueue.Options(0, Integer.MAX_VALUE);
    private static final Eligibility CPU =
            new Eligibility(EnumSet.of(Device.ANY, Device.CPU), 1000, false, null, Set.of(), Set.of(), Set.of());

    private static final JsonMapper JSON = JsonMapper.shared();

    private DataSource database;
    private JdbcClient jdbc;
    private Claims claims;
    private PartitionQueue queue;

    @BeforeEach
    void open() throws SQLException {
        database = TestRepository.postgres(PostgresServer.sharedDatabase());
        claims = new Claims(database, ClaimClock.DATABASE, claim -> {});
        jdbc = JdbcClient.create(database);
        queue = new PartitionQueue(
                database,
                new JdbcTransactionManager(database),
                claims,
                new PartitionHistory(jdbc),
                DatabaseClock.of(jdbc));
    }

    @Test
    void aWorkerTakesWhatItsDeviceAndItsMemoryAllow() throws SQLException {
        put(1, Device.CPU, 10, SMALL, USUAL, 1);
        put(2, Device.GPU, 10, SMALL, USUAL, 1);
        put(3, Device.ANY, 1001, LARGE, USUAL, 1);
        put(4, Device.ANY, 1000, null, USUAL, 1);

        assertThat(eligible(CPU)).containsExactly("1/0", "4/0");
        assertThat(eligible(
                        new Eligibility(EnumSet.allOf(Device.class), 2000, false, null, Set.of(), Set.of(), Set.of())))
                .containsExactly("1/0", "2/0", "3/0", "4/0");
        assertThat(eligible(new Eligibility(CPU.devices(), 1000, false, null, Set.of(1L), Set.of(), Set.of())))
                .as("without a step that it refuses")
                .containsExactly("4/0");
        assertThat(eligible(new Eligibility(CPU.devices(), 1000, false, 4L, Set.of(), Set.of(), Set.of())))
                .as("of a manager")
                .containsExactly("4/0");
    }

    @Test
    void priorityComesFirstThenALoadedModelThenOneInTheCacheThenTheOldest() throws SQLException {
        put(1, Device.ANY, 1, SMALL, USUAL, 1);
        put(2, Device.ANY, 1, LARGE, USUAL, 1);
        put(3, Device.ANY, 1, "c".repeat(64), USUAL, 1);
        put(4, Device.ANY, 1, SMALL, new PartitionQueue.Options(-1, 10), 1);
        put(5, Device.ANY, 1, null, new PartitionQueue.Options(7, 10), 1);

        assertThat(eligible(CPU)).containsExactly("5/0", "1/0", "2/0", "3/0", "4/0");
        assertThat(eligible(new Eligibility(
                        CPU.devices(), 1000, false, null, Set.of(), Set.of("c".repeat(64)), Set.of(LARGE))))
                .containsExactly("5/0", "3/0", "2/0", "1/0", "4/0");
    }

    @Test
    void aRunHoldsPartitionsBackAboveItsLimit() throws SQLException {
        put(1, Device.ANY, 1, SMALL, new PartitionQueue.Options(0, 3), 8);

        assertThat(eligible(CPU)).hasSize(3);
        assertThat(queue.load(1)).isEqualTo(new PartitionQueue.Load(8, 0, 0));
        assertThat(queueView())
                .as("partitions that are held back ask for no worker")
                .isEqualTo("predict-1|any|N|3|0");
    }

    @Test
    void theEndOfAPartitionReleasesOneThatIsHeldBack() throws SQLException {
        put(1, Device.ANY, 1, SMALL, new PartitionQueue.Options(0, 3), 5);
        long version = take("w", 0);
        assertThat(queue.load(1)).isEqualTo(new PartitionQueue.Load(5, 1, 1));
        assertThat(eligible(CPU)).containsExactly("1/1", "1/2");

        assertThat(queue.remove(new PartitionTask(1, 0), version - 1)).isFalse();
        assertThat(eligible(CPU)).hasSize(2);
        assertThat(queue.remove(new PartitionTask(1, 0), version)).isTrue();

        assertThat(eligible(CPU)).hasSize(3).contains("1/1", "1/2");
        assertThat(queue.load(1)).isEqualTo(new PartitionQueue.Load(4, 0, 0));
    }

    @Test
    void partitionsThatEndAtTheSameTimeReleaseOneEach() throws SQLException {
        put(1, Device.ANY, 1, SMALL, new PartitionQueue.Options(0, 2), 6);
        long first = take("w", 0);
        long second = take("v", 1);

        new TransactionTemplate(new JdbcTransactionManager(database)).executeWithoutResult(transaction -> {
            queue.remove(new PartitionTask(1, 0), first);
            CompletableFuture.runAsync(() -> queue.remove(new PartitionTask(1, 1), second))
                    .orTimeout(1, TimeUnit.MINUTES)
                    .join();
        });

        assertThat(eligible(CPU)).hasSize(2);
    }

    @Test
    void workersOfSpotMachinesLeaveARunThatAskedForOthers() throws SQLException {
        put(1, Device.ANY, 1, SMALL, USUAL, 2);
        Eligibility spot = new Eligibility(CPU.devices(), 1000, true, null, Set.of(), Set.of(), Set.of());
        assertThat(eligible(spot)).hasSize(2);

        queue.askForOnDemand(1);

        assertThat(eligible(spot)).isEmpty();
        assertThat(eligible(CPU)).hasSize(2);
        assertThat(queueView()).isEqualTo("predict-1|any|Y|2|0");
    }

    /** Spot workers end the partitions that they have, and take no other: the rest need not wait for that. */
    @Test
    void aRunThatAskedForOtherMachinesLacksWorkersWhileSpotWorkersAreAtWork() {
        put(1, Device.ANY, 1, SMALL, USUAL, 3);
        enter("w", true);
        take("w", 0);
        assertThat(WaitingPartitions.of(1, jdbc)).isEqualTo(new WaitingPartitions(2, 1, Machines.ANY));

        queue.askForOnDemand(1);
        assertThat(WaitingPartitions.of(1, jdbc)).isEqualTo(new WaitingPartitions(2, 0, Machines.ON_DEMAND));

        jdbc.sql("update MODELBATCH_WORKER set SPOT = 'N'").update();
        assertThat(WaitingPartitions.of(1, jdbc)).isEqualTo(new WaitingPartitions(2, 1, Machines.ON_DEMAND));
        assertThat(WaitingPartitions.of(2, jdbc).lackWorkers()).isFalse();
    }

    /** A suspended worker writes nothing more, also while nobody has taken the partition yet. */
    @Test
    void aPartitionThatWasGivenBackIsNotItsWorkersAnyMore() {
        Claim claim = put(1, Device.ANY, 1, SMALL, USUAL, 1);
        long version = take("w", 0);
        Claim worker = claim.of(new Claim.Task("1/0", version));
        assertThatCode(() -> claims.verify(worker)).doesNotThrowAnyException();

        queue.putBackAll("w");

        assertThatThrownBy(() -> claims.verify(worker))
                .isInstanceOf(ClaimLostException.class)
                .hasMessageContaining("Another worker took over partition 1/0");
        assertThatCode(() -> claims.verify(claim)).doesNotThrowAnyException();
        assertThat(queue.load(1)).isEqualTo(new PartitionQueue.Load(1, 0, 0));
        assertThat(queue.putBack(new PartitionTask(1, 0), version, Duration.ZERO))
                .as("by the worker that had it")
                .isFalse();
    }

    @Test
    void partitionsOfWorkersThatAreGoneGoBack() throws SQLException {
        put(1, Device.ANY, 1, SMALL, USUAL, 5);
        put(2, Device.ANY, 1, SMALL, USUAL, 1);
        take("there", 0);
        take("there", 1);
        take("gone", 2);
        take("manager", 3);
        jdbc.sql("update MODELBATCH_TASK set LAST_HEARTBEAT = current_timestamp - interval '41' second")
                .update();
        enter("there", false).signOfLife(Set.of(new PartitionTask(1, 0), new PartitionTask(1, 2)));
        assertThat(eligible(CPU)).containsExactly("1/4", "2/0");
        ManualTicker ticker = new ManualTicker();
        GoneWorkers gone = new GoneWorkers(
                dispatch(1, 1, Device.ANY, 1, SMALL), queue, () -> Set.of(new PartitionTask(1, 3)), ticker);

        for (int second = 0; second <= 40; second++) {
            gone.look(queue.load(1));
            ticker.pass(Duration.ofSeconds(1));
        }
        assertThat(eligible(CPU))
                .as("the job repository is there for 40 seconds")
                .hasSize(2);
        ticker.pass(Duration.ofSeconds(60));
        gone.look(queue.load(1));
        assertThat(eligible(CPU)).as("it was away for a minute").hasSize(2);
        for (int second = 0; second <= 40; second++) {
            ticker.pass(Duration.ofSeconds(1));
            gone.look(queue.load(1));
        }

        assertThat(eligible(CPU))
                .as("of a worker that is gone, and one that a worker took without knowing it")
                .containsExactly("1/4", "1/1", "1/2", "2/0");
    }

    /** One that it had before it was suspended may be of an earlier step of the same run. */
    @Test
    void aPartitionOfALiveStepThatAWorkerStoppedGoesBack() throws SQLException {
        put(1, Device.ANY, 1, SMALL, USUAL, 2);
        long version = take("w", 0);
        EndPartition worker = new EndPartition(queue);

        worker.end(execution(new PartitionTask(1, 0), version), WorkerPartitions.Outcome.STOPPED);
        assertThat(eligible(CPU)).containsExactly("1/1", "1/0");
        version = take("w", 0);
        queue.stop(1);
        worker.end(execution(new PartitionTask(1, 0), version), WorkerPartitions.Outcome.STOPPED);

        assertThat(queue.load(1).open()).isZero();
    }

    private static Execution execution(PartitionTask task, long version) {
        Instant now = Instant.now();
        return new Execution(
                now, PartitionTask.TYPE.instance(task.instance()).build(), true, "w", now, now, 0, now, version);
    }

    @Test
    void aSignOfLifeTellsWhichRunsAreToStop() {
        put(1, Device.ANY, 1, SMALL, USUAL, 1);
        put(2, Device.ANY, 1, SMALL, USUAL, 1);
        WorkerRegister.Entry worker = enter("w", false);

        queue.stop(2);

        assertThat(worker.signOfLife(Set.of(new PartitionTask(1, 0), new PartitionTask(2, 0), new PartitionTask(3, 0))))
                .containsExactly(1L);
        assertThat(worker.signOfLife(Set.of())).isEmpty();
    }

    @Test
    void aPartitionIsNotTakenBeforeItsPauseIsOver() throws SQLException {
        put(1, Device.ANY, 1, SMALL, USUAL, 1);

        assertThat(queue.putBack(new PartitionTask(1, 0), take("w", 0), Duration.ofHours(1)))
                .isTrue();
        assertThat(eligible(CPU)).isEmpty();
        assertThat(queue.putBack(new PartitionTask(1, 0), take("v", 0), Duration.ZERO))
                .isTrue();

        assertThat(eligible(CPU)).containsExactly("1/0");
    }

    @Test
    void theNextManagerOfARunReplacesWhatTheLastOneLeft() throws SQLException {
        Claim claim = put(1, Device.ANY, 1, SMALL, USUAL, 3);

        queue.put(dispatch(9, 1, Device.ANY, 1, SMALL), List.of(1), USUAL, claim);

        assertThat(eligible(CPU)).containsExactly("9/1");
        assertThat(queue.find(1)).isEmpty();
        queue.stop(9);
        assertThat(eligible(CPU)).isEmpty();
        queue.end(dispatch(9, 1, Device.ANY, 1, SMALL), claim);
        assertThat(jdbc.sql("select count(*) from MODELBATCH_DISPATCH")
                        .query(Integer.class)
                        .single())
                .isZero();
    }

    /** A queue of runs with thousands of partitions costs no more than one of a few: a worker reads those that it takes. */
    @Test
    void asManyPartitionsAreReadHoweverManyWait() throws SQLException {
        put(1, Device.ANY, 1, SMALL, USUAL, 4);
        long ofFew = rowsRead(2);
        for (int run = 2; run <= 6; run++) {
            put(run, Device.ANY, 1, SMALL, USUAL, 1_000);
        }
        jdbc.sql("analyze").update();

        assertThat(rowsRead(2)).isEqualTo(ofFew);
    }

    /** Rows of the queue that PostgreSQL reads for one who takes some. */
    private long rowsRead(int partitions) throws SQLException {
        return asked(CPU, partitions, "explain (analyze, format json) ", rows -> {
            rows.next();
            return JSON.readTree(rows.getString(1)).findParents("Relation Name").stream()
                    .filter(scan -> scan.path("Relation Name").asString().equalsIgnoreCase(PartitionQueue.TABLE))
                    .mapToLong(scan -> scan.path("Actual Rows").asLong()
                            * scan.path("Actual Loops").asLong())
                    .sum();
        });
    }

    /** The partitions of a run whose number is that of the dispatch. */
    private Claim put(
            int id,
            Device device,
            long memory,
            @Nullable String model,
            PartitionQueue.Options options,
            int partitions) {
        Claim claim = claims.take("predict day=" + id, RunOwner.thisProcess(), Duration.ZERO);
        queue.put(
                dispatch(id, id, device, memory, model),
                IntStream.range(0, partitions).boxed().toList(),
                options,
                claim);
        return claim;
    }

    /** As db-scheduler picks it; its version then. */
    private long take(String worker, int partition) {
        return jdbc.sql("update MODELBATCH_TASK set PICKED = true, PICKED_BY = ?, VERSION = VERSION + 1"
                        + " where TASK_INSTANCE = ? returning VERSION")
                .params(worker, new PartitionTask(1, partition).instance())
                .query(Long.class)
                .single();
    }

    private WorkerRegister.Entry enter(String worker, boolean spot) {
        return new WorkerRegister(jdbc, new JdbcTransactionManager(database))
                .enter(worker, RunOwner.thisProcess(), "cpu", new WorkerOptions(null, null, null, spot))
                .orElseThrow();
    }

    private static Dispatch dispatch(int id, int run, Device device, long memory, @Nullable String model) {
        return new Dispatch(
                id, id, "predict-" + run, "predict day=" + run, "infer", new PartitionDemand(device, memory, model));
    }

    private String queueView() {
        return jdbc.sql(
                        "select JOB_NAME || '|' || DEVICE || '|' || ON_DEMAND || '|' || WAITING || '|' || EXECUTING from MODELBATCH_QUEUE")
                .query(String.class)
                .single();
    }

    private List<String> eligible(Eligibility worker) throws SQLException {
        return asked(worker, 100, "", rows -> {
            List<String> tasks = new ArrayList<>();
            while (rows.next()) {
                tasks.add(rows.getString("task_instance"));
            }
            return tasks;
        });
    }

    /** As db-scheduler asks it. */
    private <T> T asked(Eligibility worker, int partitions, String before, ResultSetExtractor<T> answer)
            throws SQLException {
        DefaultJdbcCustomization query = new EligiblePartitions(() -> worker);
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(before
                        + query.createGenericSelectForUpdateQuery(PartitionQueue.TABLE, partitions, "", false))) {
            statement.setBoolean(1, false);
            query.setInstant(statement, 2, DatabaseClock.of(jdbc).now());
            try (ResultSet rows = statement.executeQuery()) {
                return Objects.requireNonNull(answer.extractData(rows));
            }
        }
    }
}
