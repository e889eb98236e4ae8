package io.modelbatch.warehouse.google;

import com.google.cloud.NoCredentials;
import com.sun.management.OperatingSystemMXBean;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.RootAllocator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures how fast the rows of one partition become blocks, and in how much memory: rows of 145 bytes, by one stream of the Storage Read
 * API and by REST. The server is another process with the rows ready to send, so this process's CPU time is that of the client alone,
 * garbage collector and compiler included. Prints figures, after a warm-up, and asserts none: {@code ./mvnw -pl batch-app test
 * -Dtest=ReadBenchmark}.
 */
class ReadBenchmark {
    private static final int MANY = 10_000_000;
    private static final int FEW = 100_000;
    private static final int ROUNDS = 5;
    private static final int ROWS_A_BLOCK = 65_536;
    private static final long BYTES_A_BLOCK = 64L << 20;
    private static final long MIB = 1 << 20;

    private final OperatingSystemMXBean machine = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    @TempDir
    private Path folder;

    @Test
    void oneStream() throws Exception {
        try (Served served = Served.start(folder);
                RootAllocator arrow = new RootAllocator();
                BigQueryWarehouse warehouse = served.open(arrow)) {
            PinnedInput few = rows(warehouse, FEW);
            PinnedInput many = rows(warehouse, MANY);
            double byStorage = rate("Storage Read", warehouse, many, MANY / 2);
            for (PinnedInput input : List.of(few, many)) {
                System.out.printf("%,d rows: %.1f MiB at most%n", input.totalRows(), memory(warehouse, input, arrow));
            }
            served.tell("deny");
            double byRest = rate("REST", warehouse, many, MANY / 20);
            System.out.printf("Storage Read is %.0f times faster%n", byStorage / byRest);
        }
    }

    /** The median of some rounds; as many before it leave the compiler nothing to do. */
    private double rate(String what, BigQueryWarehouse warehouse, PinnedInput input, int rows) {
        double[] rates = new double[ROUNDS];
        for (int round = -ROUNDS; round < ROUNDS; round++) {
            rates[Math.max(round, 0)] = read(warehouse, input, rows);
        }
        Arrays.sort(rates);
        System.out.printf(
                "%s: %.2f M rows per CPU second (%.2f to %.2f in %d rounds)%n",
                what, rates[ROUNDS / 2], rates[0], rates[ROUNDS - 1], ROUNDS);
        return rates[ROUNDS / 2];
    }

    private static PinnedInput rows(BigQueryWarehouse warehouse, int rows) {
        return warehouse.extract(new Extraction(
                "rows-" + rows,
                "SELECT id, text FROM shop.lines WHERE n < @rows",
                Map.of("rows", (long) rows),
                "id",
                List.of(),
                1,
                Extraction.Billing.NONE));
    }

    /** Millions of rows per CPU second. */
    private double read(BigQueryWarehouse warehouse, PinnedInput input, long rows) {
        try (RowReader reader = warehouse.read(input, 0, List.of("text"), ReadPosition.BEGINNING)) {
            long before = machine.getProcessCpuTime();
            long count = 0;
            Optional<RowBlock> block = reader.read(ROWS_A_BLOCK, BYTES_A_BLOCK);
            while (count < rows && block.isPresent()) {
                count += block.get().rows();
                block = reader.read(ROWS_A_BLOCK, BYTES_A_BLOCK);
            }
            return count / 1e6 / ((machine.getProcessCpuTime() - before) / 1e9);
        }
    }

    /** The most MiB of heap that is in use, and of Arrow's memory, while rows are read; beside what was there before. */
    private static double memory(BigQueryWarehouse warehouse, PinnedInput input, RootAllocator arrow) {
        long before = heap();
        long most = before;
        long count = 0;
        try (RowReader reader = warehouse.read(input, 0, List.of("text"), ReadPosition.BEGINNING)) {
            Optional<RowBlock> block = reader.read(ROWS_A_BLOCK, BYTES_A_BLOCK);
            for (int i = 0; block.isPresent(); i++) {
                count += block.get().rows();
                if (i % 16 == 0) {
                    most = Math.max(most, heap());
                }
                block = reader.read(ROWS_A_BLOCK, BYTES_A_BLOCK);
            }
        }
        if (count != input.totalRows()) {
            throw new IllegalStateException(count + " rows");
        }
        return (double) (most - before + arrow.getPeakMemoryAllocation()) / MIB;
    }

    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** The server in its own process. */
    private record Served(Process process, BigQuerySettings settings) implements AutoCloseable {
        static Served start(Path folder) throws IOException {
            List<String> command = new ArrayList<>(List.of(
                    Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                    "-Xmx2g",
                    "--add-opens=java.base/java.nio=ALL-UNNAMED",
                    "-cp",
                    System.getProperty("java.class.path"),
                    Server.class.getName(),
                    folder.resolve("server").toString()));
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            BufferedReader answers = process.inputReader();
            String rest = answers.readLine();
            while (rest != null && !rest.startsWith("http")) {
                rest = answers.readLine();
            }
            String storage = answers.readLine();
            return new Served(
                    process,
                    new BigQuerySettings("EU", "pinned", BigQuerySettings.EXPIRATION, null, URI.create(rest), storage));
        }

        BigQueryWarehouse open(RootAllocator arrow) throws IOException {
            return BigQueryWarehouse.open(
                    new GoogleProject("billing", NoCredentials.getInstance()), settings, () -> false, arrow);
        }

        void tell(String command) throws IOException, InterruptedException {
            process.outputWriter().write(command + "\n");
            process.outputWriter().flush();
            process.inputReader().readLine();
        }

        @Override
        public void close() {
            process.destroy();
        }
    }

    /** Serves rows of 145 bytes: a key of 11, a text of 134. */
    static final class Server {
        public static void main(String[] arguments) throws Exception {
            BigQueryServer server = BigQueryServer.start(Path.of(arguments[0]))
                    .dataset("shop", "EU")
                    .dataset("pinned", "EU")
                    .recording();
            server.execute("CREATE TABLE shop.lines AS SELECT range AS n, printf('k%010d', range) AS id,"
                    + " rpad(printf('line %d: semi-skimmed milk 2 l, %d pieces', range, range % 7), 134, ' fresh') AS text"
                    + " FROM range(" + MANY + ")");
            System.out.println(server.restAddress());
            System.out.println(server.storageAddress());
            for (int read = System.in.read(); read >= 0; read = System.in.read()) {
                if (read == '\n') {
                    server.deny(BigQueryServer.Permission.CREATE_READ_SESSIONS);
                    System.out.println("denied");
                }
            }
        }
    }
}
