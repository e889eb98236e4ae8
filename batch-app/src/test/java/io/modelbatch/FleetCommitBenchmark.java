package io.modelbatch;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.modelbatch.result.Shard;
import io.modelbatch.run.TestRepository;
import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.RunHistory;
import io.modelbatch.step.rows.ShardLedger;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.dao.JacksonExecutionContextStringSerializer;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Measures how many blocks a second the partitions of one run commit to PostgreSQL, and how long a renewal and a takeover of the run take
 * meanwhile. Each writer is a partition that does nothing but commit. Locks are compared in turns, in an order that changes, as the machine
 * is not as fast all the time. Prints figures and asserts none:
 * {@code ./mvnw -pl batch-app test -Dtest=FleetCommitBenchmark -Dtest.jvm=}.
 */
class FleetCommitBenchmark {
    private static final List<Integer> WRITERS = Arrays.stream(
                    System.getProperty("writers", "1,8,32").split(","))
            .map(Integer::valueOf)
            .toList();
    private static final Duration DURATION = Duration.ofSeconds(Integer.getInteger("seconds", 4));
    private static final int ROUNDS = Integer.getInteger("rounds", 4);
    /** The way to the server and back. A network within a zone takes about half a millisecond. */
    private static final Duration ROUND_TRIP = Duration.ofNanos(1_000L * Integer.getInteger("microseconds", 500));

    /** The lock that a commit takes on the lease of its run, and the one that earlier versions took. */
    private static final List<String> LOCKS =
            List.of(System.getProperty("locks", "for key share of l,for update").split(","));

    private static final String RUN = "job=predict";

    /**
     * Figures of a number of writers.
     *
     * @param rate blocks a second
     * @param renewals milliseconds that each renewal took, in order of length
     * @param takeover milliseconds that a takeover took
     */
    private record Measured(double rate, List<Long> renewals, long takeover) {}

    @Test
    void commitsOfOneRun(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data)) {
            measure(server.newDatabase(), 8, LOCKS.get(0)); // compiles what all others run
            for (int writers : WRITERS) {
                compare(server, writers);
            }
        }
    }

    private static void compare(PostgresServer server, int writers) throws Exception {
        Map<String, List<Measured>> measured = new LinkedHashMap<>();
        for (int round = 0; round < ROUNDS; round++) {
            List<String> locks = new ArrayList<>(LOCKS);
            Collections.rotate(locks, round);
            for (String lock : locks) {
                measured.computeIfAbsent(lock, first -> new ArrayList<>())
                        .add(measure(server.newDatabase(), writers, lock));
            }
        }
        measured.forEach((lock, rounds) -> {
            List<Double> rates = rounds.stream().map(Measured::rate).sorted().toList();
            List<Long> renewals = rounds.stream()
                    .flatMap(one -> one.renewals().stream())
                    .sorted()
                    .toList();
            List<Long> takeovers =
                    rounds.stream().map(Measured::takeover).sorted().toList();
            System.out.printf(
                    "%d writers, %s: %.0f blocks/s (%.0f to %.0f); a renewal takes %d ms (at most %d), a takeover %d ms (at most %d)%n",
                    writers,
                    lock,
                    median(rates),
                    rates.get(0),
                    last(rates),
                    median(renewals),
                    last(renewals),
                    median(takeovers),
                    last(takeovers));
        });
    }

    private static <T> T median(List<T> sorted) {
        return sorted.get(sorted.size() / 2);
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    private static Measured measure(String database, int writers, String lock) throws Exception {
        TestRepository.postgres(database);
        HikariConfig pool = new HikariConfig();
        pool.setJdbcUrl(database);
        pool.setUsername("postgres");
        pool.setPassword("postgres");
        pool.setMaximumPoolSize(writers + 4);
        pool.addDataSourceProperty("prepareThreshold", "0");
        pool.setConnectionInitSql("set synchronous_commit = on"); // as servers have it
        ExecutorService threads = Executors.newCachedThreadPool();
        try (HikariDataSource source = new HikariDataSource(pool)) {
            Remote remote = new Remote(source, lock);
            JdbcClient jdbc = JdbcClient.create(remote);
            Claims claims = new Claims(remote, ClaimClock.DATABASE, lost -> {});
            CommittingRun run = new CommittingRun(remote, jdbc, claims);
            List<StepExecution> partitions =
                    IntStream.range(0, writers).mapToObj(run::partition).toList();
            long began = System.nanoTime();
            long end = began + DURATION.toNanos();
            Future<List<Long>> renewals = threads.submit(() -> run.renew(end));
            long blocks = 0;
            List<Future<Long>> working = partitions.stream()
                    .map(partition -> threads.submit(() -> run.commit(partition, end)))
                    .toList();
            for (Future<Long> partition : working) {
                blocks += partition.get();
            }
            double rate = 1e9 * blocks / (System.nanoTime() - began);
            List<Long> times = renewals.get().stream().sorted().toList();
            String hot = run.hot();
            Measured measured = new Measured(rate, times, run.takeOver(threads, writers));
            System.out.printf("%d writers, %s: %s, %s%n", writers, lock, measured, hot);
            return measured;
        } finally {
            threads.shutdown();
            threads.awaitTermination(1, TimeUnit.MINUTES);
        }
    }

    /** A run whose partitions do nothing but commit. */
    private static final class CommittingRun {
        private final Remote database;
        private final JdbcClient jdbc;
        private final Claims claims;
        private final ShardLedger ledger;
        private final JobRepository repository;
        private final TransactionTemplate transactions;
        private final Claim claim;
        private final JobExecution execution;

        CommittingRun(Remote database, JdbcClient jdbc, Claims claims) throws Exception {
            this.database = database;
            this.jdbc = jdbc;
            this.claims = claims;
            this.ledger = new ShardLedger(jdbc);
            var manager = new JdbcTransactionManager(database);
            var serializer = new JacksonExecutionContextStringSerializer();
            var factory = new OwnedJobRepository.Factory(new RunHistory(jdbc, serializer), claims);
            factory.setDataSource(database);
            factory.setTransactionManager(manager);
            factory.setSerializer(serializer);
            factory.afterPropertiesSet();
            this.repository = Objects.requireNonNull(factory.getObject());
            this.transactions = new TransactionTemplate(manager);
            this.claim = claims.take(RUN, RunOwner.thisProcess(), Duration.ZERO);
            JobInstance instance = repository.createJobInstance("predict", new JobParameters());
            this.execution = repository.createJobExecution(instance, new JobParameters(), new ExecutionContext());
            claim.giveTo(execution);
            repository.updateExecutionContext(execution);
        }

        StepExecution partition(int number) {
            return repository.createStepExecution("infer:" + number, execution);
        }

        /** Returns the number of blocks that were committed. */
        long commit(StepExecution partition, long end) {
            int ordinal = 0;
            for (; System.nanoTime() < end; ordinal++) {
                int block = ordinal;
                transactions.executeWithoutResult(transaction -> {
                    ledger.add(
                            partition,
                            new ShardLedger.CommittedBlock(block, null, null, 100_000L),
                            List.of(new Shard(
                                    "predict-1-20260101T000000-infer-00000-%06d-%d.parquet"
                                            .formatted(block, partition.getId()),
                                    20_000,
                                    1_000_000,
                                    "00000000")),
                            List.of());
                    partition.getExecutionContext().putInt("blocks", block);
                    repository.updateExecutionContext(partition);
                    partition.setCommitCount(block);
                    repository.update(partition);
                });
            }
            return ordinal;
        }

        /** Returns the milliseconds that each renewal took. */
        List<Long> renew(long end) throws InterruptedException {
            List<Long> times = new ArrayList<>();
            while (System.nanoTime() < end) {
                long began = System.nanoTime();
                jdbc.sql(
                                "update MODELBATCH_LEASE set EXPIRES = current_timestamp + interval '20' second where RUN_KEY = ?")
                        .param(RUN)
                        .update();
                times.add((System.nanoTime() - began) / 1_000_000);
                Thread.sleep(500);
            }
            return times;
        }

        /**
         * Takes the run over while the writers of the dead manager continue, until they notice.
         *
         * @return the milliseconds that it took
         */
        long takeOver(ExecutorService threads, int writers) throws Exception {
            List<Future<Long>> working = Stream.generate(() -> partition((int) (100 + System.nanoTime() % 10_000)))
                    .limit(writers)
                    .map(partition -> threads.submit(() -> commit(
                            partition, System.nanoTime() + Duration.ofMinutes(1).toNanos())))
                    .toList();
            Thread.sleep(2_000);
            Claims elsewhere = new Claims(database, () -> "current_timestamp + interval '1' hour", lost -> {});
            long began = System.nanoTime();
            elsewhere.take(RUN, new RunOwner("2", "elsewhere", 1, 1), Duration.ofMinutes(1));
            long took = (System.nanoTime() - began) / 1_000_000;
            for (Future<Long> partition : working) {
                try {
                    partition.get();
                    throw new AssertionError("committed after the takeover");
                } catch (java.util.concurrent.ExecutionException refused) {
                    // as it should be
                }
            }
            claims.release(claim);
            return took;
        }

        String hot() {
            return String.join(
                    ", ",
                    jdbc.sql("select relname || ' ' || n_tup_upd || ' updates, ' || n_tup_hot_upd || ' HOT, '"
                                    + " || pg_relation_size(relid) / 1024 || ' KiB' from pg_stat_user_tables"
                                    + " where n_tup_upd > 10 order by relname")
                            .query(String.class)
                            .list());
        }
    }

    /** A server that a network lies before. */
    private static final class Remote extends DelegatingDataSource {
        private final String lock;

        /** @param lock that commits take on the lease */
        Remote(HikariDataSource near, String lock) {
            super(near);
            this.lock = lock;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return far(Connection.class, super.getConnection());
        }

        private <T> T far(Class<T> type, Object target) {
            return type.cast(Proxy.newProxyInstance(
                    FleetCommitBenchmark.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                        if (method.getName().startsWith("execute")
                                || method.getName().equals("commit")) {
                            LockSupport.parkNanos(ROUND_TRIP.toNanos());
                        }
                        if (method.getName().equals("prepareStatement")) {
                            arguments[0] = arguments[0].toString().replace("for key share of l", lock);
                        }
                        try {
                            Object result = method.invoke(target, arguments);
                            return result instanceof Statement ? far(method.getReturnType(), result) : result;
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    }));
        }
    }
}
