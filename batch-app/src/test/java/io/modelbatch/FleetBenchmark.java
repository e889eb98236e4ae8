package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.inference.FixedLatencyEngines;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how the rows a second of a run grow with its workers, each with a GPU of {@linkplain FixedLatencyEngines fixed latency}, and one
 * PostgreSQL: each worker has as much to do, whatever their number. Prints figures of the packaged jar and asserts none:
 * {@code ./mvnw -q -DskipTests package && ./mvnw -pl batch-app test -Dtest=FleetBenchmark -Dtest.jvm=}. {@code -Dworkers=1,2,4,8,16} are the numbers of
 * workers, of which {@code -Dworkers-of-a-process=4} share a process; {@code -Dlatency=1000} is the milliseconds of a pass, which is a block of
 * {@code -Drows=32} rows, and {@code -Dblocks=80} the number of blocks for each worker, in 4 partitions. {@code -Druns=10} have their workers in
 * common, and {@code -Dpartitions=1000} are those of each run.
 */
class FleetBenchmark {
    private static final String WORKERS = System.getProperty("workers", "1,2,4,8,16");
    private static final int OF_A_PROCESS = Integer.getInteger("workers-of-a-process", 4);
    private static final int LATENCY = Integer.getInteger("latency", 1_000);
    private static final int ROWS = Integer.getInteger("rows", 32);
    private static final int BLOCKS = Integer.getInteger("blocks", 80);
    private static final int PARTITIONS_OF_A_WORKER = 4;
    private static final int RUNS = Integer.getInteger("runs", 1);
    private static final String OUTPUT = "output.log";
    private static final double MILLIS = 1e3;
    private static final double NANOS = 1e9;

    @TempDir
    private Path folder;

    private int number;
    private double ofOne;

    @Test
    void measure(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data)) {
            new MeasuredFleet(server, 1, 1, 1, ROWS).run(); // makes tables and archive
            for (String workers : WORKERS.split(",")) {
                int count = Integer.parseInt(workers);
                int partitions = Integer.getInteger("partitions", count * PARTITIONS_OF_A_WORKER);
                new MeasuredFleet(server, count, RUNS, partitions, count * BLOCKS * ROWS)
                        .run()
                        .print();
            }
        }
    }

    /** The workers of some runs, and what they did. */
    private final class MeasuredFleet {
        private final CommandLine shop = new CommandLine(folder);
        private final PostgresServer server;
        private final int workers;
        private final int runs;
        private final int partitions;
        private final int rows;
        private final Path home = folder.resolve("local");
        private final List<Path> homes = new ArrayList<>();
        private final List<Path> folders = new ArrayList<>();
        private final List<Process> processes = new ArrayList<>();
        private final List<int[]> sessions = new ArrayList<>();
        private double computing;
        private double seconds;
        private double statements;

        /**
         * @param partitions of each run
         * @param rows of all runs
         */
        MeasuredFleet(PostgresServer server, int workers, int runs, int partitions, int rows) {
            this.server = server;
            this.workers = workers;
            this.runs = runs;
            this.partitions = partitions;
            this.rows = rows;
        }

        MeasuredFleet run() throws Exception {
            number++;
            prepare();
            try {
                startManagers();
                until(() -> dispatches() == runs);
                long start = System.nanoTime();
                startWorkers();
                until(() -> homes.stream().allMatch(each -> Files.exists(each.resolve(FixedLatency.COMPUTING))));
                computing = (System.nanoTime() - start) / NANOS;
                while (dispatches() > 0 && processes.get(0).isAlive()) {
                    sessions.add(sessions());
                    Thread.sleep(200);
                }
                seconds = (System.nanoTime() - start) / NANOS;
                for (Process process : processes) {
                    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
                    assertThat(process.exitValue()).as(output()).isZero();
                }
                for (Path its : folders) {
                    statements += Long.parseLong(Files.readString(its.resolve(FixedLatencyApplications.STATEMENTS)));
                }
                return this;
            } finally {
                processes.forEach(Process::destroyForcibly);
            }
        }

        /** Makes the rows, the model and the job files of the runs. Each run reads as many rows. */
        private void prepare() {
            shop.classifier("models/tiny").table("shop.lines", SmallShop.lines(rows / runs));
            for (int run = 0; run < runs; run++) {
                shop.job(
                        job(run),
                        SmallShop.predict(partitions, job(run), "dtype: float32, block: { rows: " + ROWS + " }"));
            }
        }

        private String job(int run) {
            return "fleet-%d-%d".formatted(number, run);
        }

        private void startManagers() throws IOException {
            start(
                    folder.resolve("managers-" + number),
                    IntStream.range(0, runs)
                            .mapToObj(run -> "job=" + job(run) + " --modelbatch.workers=remote --modelbatch.jobs="
                                    + folder.resolve("job-configs") + " --modelbatch.local.home=" + home));
        }

        private void startWorkers() throws IOException {
            for (int worker = 0; worker < workers; worker++) {
                Path its = PartitionProcess.home(folder.resolve("worker-" + number + "-" + worker), home);
                Files.createSymbolicLink(its.resolve("cache"), Files.createDirectories(home.resolve("cache")));
                homes.add(its);
            }
            for (int first = 0; first < workers; first += OF_A_PROCESS) {
                start(
                        homes.get(first),
                        homes.subList(first, Math.min(workers, first + OF_A_PROCESS)).stream()
                                .map(its -> "worker --idle=5s --modelbatch.local.home=" + its));
            }
        }

        private void start(Path its, Stream<String> applications) throws IOException {
            Files.createDirectories(its);
            folders.add(its);
            ProcessBuilder builder = new ProcessBuilder(QuickStart.command(FixedLatencyApplications.class))
                    .redirectErrorStream(true)
                    .redirectOutput(its.resolve(OUTPUT).toFile());
            builder.command()
                    .addAll(
                            1,
                            List.of(
                                    "-Xmx512m",
                                    "-D" + FixedLatency.MILLIS + "=" + LATENCY,
                                    "-D" + FixedLatencyApplications.STATEMENTS + "="
                                            + its.resolve(FixedLatencyApplications.STATEMENTS)));
            builder.command().addAll(applications.toList());
            builder.environment().putAll(server.environment());
            processes.add(builder.start());
        }

        private interface Condition {
            boolean isMet() throws Exception;
        }

        private void until(Condition condition) throws Exception {
            long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
            while (!condition.isMet()) {
                if (System.nanoTime() > end || processes.stream().anyMatch(process -> !process.isAlive())) {
                    throw new AssertionError(output());
                }
                Thread.sleep(100);
            }
        }

        private String output() throws IOException {
            StringBuilder all = new StringBuilder();
            for (Path each : folders) {
                all.append(Files.readString(each.resolve(OUTPUT)));
            }
            return all.toString();
        }

        private long dispatches() throws SQLException {
            boolean there = numbers("select count(*) from pg_tables where tablename = 'modelbatch_dispatch'")[0] > 0;
            return there ? numbers("select count(*) from MODELBATCH_DISPATCH")[0] : 0;
        }

        /** Sessions of the database beside this one, and those of them that are in a transaction. */
        private int[] sessions() throws SQLException {
            return Arrays.stream(numbers("select count(*), count(*) filter (where state <> 'idle')"
                            + " from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()"))
                    .mapToInt(Math::toIntExact)
                    .toArray();
        }

        private long[] numbers(String query) throws SQLException {
            try (Connection connection = DriverManager.getConnection(server.url(), "postgres", "postgres");
                    var statement = connection.createStatement();
                    var row = statement.executeQuery(query)) {
                row.next();
                long[] numbers = new long[row.getMetaData().getColumnCount()];
                for (int i = 0; i < numbers.length; i++) {
                    numbers[i] = row.getLong(i + 1);
                }
                return numbers;
            }
        }

        /** Rows a second while all workers computed: without the first tenth and the last fifth of the blocks. */
        void print() throws SQLException {
            long[] steady = numbers("""
                    select sum(ROW_COUNT) filter (where DONE > 0.1 and DONE <= 0.8),
                        extract(epoch from max(COMMITTED_AT) filter (where DONE <= 0.8)
                            - max(COMMITTED_AT) filter (where DONE <= 0.1)) * 1000,
                        count(*)
                    from (select ROW_COUNT, COMMITTED_AT, percent_rank() over (order by COMMITTED_AT) as DONE
                        from MODELBATCH_SHARD
                        where JOB_INSTANCE_ID in (select JOB_INSTANCE_ID from BATCH_JOB_INSTANCE
                            where JOB_NAME like 'fleet-%d-%%')) blocks
                    """.formatted(number));
            double rate = steady[0] * MILLIS / steady[1];
            ofOne = ofOne == 0 ? rate / workers : ofOne;
            System.out.printf(
                    "%d workers: %.1f rows a second, %.3f of linear; all computed after %.1f s; whole run %.1f s,"
                            + " %.3f of the passes' time; %d blocks, %.1f statements a block and %.0f a second; sessions %.1f, in a transaction %.2f%n",
                    workers,
                    rate,
                    rate / ofOne / workers,
                    computing,
                    seconds,
                    steady[2] * LATENCY / MILLIS / workers / seconds,
                    steady[2],
                    statements / steady[2],
                    statements / seconds,
                    mean(0),
                    mean(1));
        }

        private double mean(int column) {
            return sessions.stream()
                    .mapToInt(sample -> sample[column])
                    .average()
                    .orElse(0);
        }
    }
}
