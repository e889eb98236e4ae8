package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A job that is stopped at random moments, or started over and over while it is killed, as an impatient scheduler does. */
class OftenDisturbedIT {
    private static final int STOPS = Integer.getInteger("stops", 2);
    private static final int ROWS = 8_000;
    private static final int KILLED = 137;
    private static final String PREDICT = """
            parameters:
              n: { type: int64 }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE @n >= 0", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/${n}
                  block: { rows: 50 }
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private final Random random = new Random(4);
    private CommandLine shop;

    @BeforeEach
    void open() {
        String lines =
                IntStream.range(0, ROWS).mapToObj(id -> id + ",milk " + id % 97).collect(Collectors.joining("\n"));
        shop = new CommandLine(folder)
                .job("predict", PREDICT)
                .table("shop.lines", "id,text\n" + lines + "\n")
                .classifier("models/tiny");
    }

    @Test
    void itResumesAfterEachSigterm() throws Exception {
        int run = 1;
        for (int stop = 1; stop <= STOPS; stop++) {
            BatchProcess process = BatchProcess.start(folder, "job=predict", "n=" + run);
            Thread.sleep(random.nextInt(5_000));
            process.terminate();
            BatchProcess.Ended ended = process.await();

            assertThat(ended.exit()).as(ended.output()).isIn(0, 4, 143);
            if (ended.exit() == 0) {
                assertWhole(run++);
            }
        }
        BatchProcess.Ended last = BatchProcess.run(folder, "job=predict", "n=" + run);
        assertThat(last.exit()).as(last.output()).isZero();
        assertWhole(run);
    }

    @Test
    void startedAgainAndAgainWhileItIsKilledItEndsComplete() throws Exception {
        BatchProcess first = BatchProcess.start(folder, "job=predict", "n=1");
        BatchProcess.Ended ended;
        int kills = 0;
        do {
            BatchProcess second = BatchProcess.start(folder, "job=predict", "n=1");
            Thread.sleep(1_000 + random.nextInt(3_000));
            if (kills < 3 && first.killAfter(Duration.ZERO)) {
                kills++;
            }
            BatchProcess.Ended beside = first.await();
            assertThat(beside.exit()).as(beside.output()).isIn(0, 1, 5, KILLED);
            first = second;
            ended = beside;
        } while (ended.exit() != 0);
        ended = first.await();
        assertThat(ended.exit()).as(ended.output()).isIn(0, 1, 5);

        BatchProcess.Ended last = BatchProcess.run(folder, "job=predict", "n=1");
        assertThat(last.exit()).as(last.output()).isZero();
        assertWhole(1);
    }

    private void assertWhole(int n) throws Exception {
        for (String rows : List.of("buckets/results/" + n + "/*.parquet", "warehouse/shop/answers.parquet")) {
            try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                    var statement = duckdb.createStatement();
                    var found = statement.executeQuery("select count(*), count(distinct id) from '"
                            + folder.resolve("local").resolve(rows) + "'")) {
                found.next();
                assertThat(found.getLong(1)).as(rows).isEqualTo(ROWS);
                assertThat(found.getLong(2)).as(rows).isEqualTo(ROWS);
            }
        }
    }
}
