package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import org.assertj.core.util.DoubleComparator;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;
import org.springframework.util.FileSystemUtils;

/**
 * A run that the program of the time of V10 began, and that this one completes. What it left is in {@code unfinished-v10}, as a kill in
 * the middle of {@code infer} left it: three blocks were committed, and two more were written.
 */
class OlderRunTest {
    private static final String JOB = """
            parameters:
              day: { type: date }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE day <= @day", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/${day}
                  block: { rows: 5 }
              - load: { table: shop.answers }
            """;

    private static final int ROWS = 60;
    private static final String RESULT = "results/2026-01-01";
    private static final String SHARD = RESULT + "/predict-1-20260102T110210-099f769c-infer-";
    private static final List<String> COMMITTED = List.of("00000-000000-3", "00001-000000-4", "00001-000001-4");
    private static final List<String> NOT_COMMITTED = List.of("00000-000001-3", "00001-000002-4");

    @TempDir
    private Path folder;

    @Test
    void aRunOfAnOlderRepositoryIsCompletedInH2() throws Exception {
        complete("h2", "jdbc:h2:file:" + folder.resolve("repository") + ";AUTO_SERVER=TRUE");
    }

    @Test
    void aRunOfAnOlderRepositoryIsCompletedInPostgresql() throws Exception {
        complete("postgresql", PostgresServer.sharedDatabase());
    }

    private void complete(String vendor, String url) throws Exception {
        CommandLine older =
                new CommandLine(folder.resolve("older")).job("predict", JOB).classifier("models/tiny");
        Path left = Path.of(Objects.requireNonNull(OlderRunTest.class.getResource("/unfinished-v10"))
                .toURI());
        putBack(left, older, vendor, url);

        // Its rows are pinned: the table that they came from is no longer there.
        Ended resumed = older.run(PostgresServer.arguments(url, "job=predict", "day=2026-01-01"));

        assertThat(resumed.exit()).as(resumed.words()).isZero();
        assertThat(resumed.output())
                .contains("\"event\":\"run-resumed\"", "\"step\":\"infer\"")
                .doesNotContain("\"step\":\"extract\"");
        assertThat(older.run(PostgresServer.arguments(url, "report", "predict-1"))
                        .output())
                .contains("modelbatch: was '0.1.0-SNAPSHOT', is ");
        Map<Long, List<Object>> answers = AnsweredRows.in(older.bucket(RESULT));
        assertThat(answers)
                .usingRecursiveComparison()
                .withComparatorForType(new DoubleComparator(1e-5), Double.class)
                .isEqualTo(undisturbed());
        assertThat(AnsweredRows.read(older.folder()
                        .resolve("local/warehouse/shop/answers.parquet")
                        .toString()))
                .containsExactlyInAnyOrderElementsOf(answers.values());
        for (String shard : COMMITTED) {
            String file = SHARD + shard + ".parquet";
            assertThat(older.bucket(file)).hasSameBinaryContentAs(left.resolve("local/buckets/" + file));
        }
        assertThat(NOT_COMMITTED)
                .allSatisfy(shard ->
                        assertThat(older.bucket(SHARD + shard + ".parquet")).doesNotExist());
        assertThat(JdbcClient.create(source(url))
                        .sql("select sum(ROW_COUNT) from MODELBATCH_SHARD")
                        .query(Long.class)
                        .single())
                .isEqualTo(ROWS);
    }

    /** Makes the job repository and the files of the killed run in a folder of this test. */
    private static void putBack(Path left, CommandLine shop, String vendor, String url) throws IOException {
        Path local = shop.folder().resolve("local");
        FileSystemUtils.copyRecursively(left.resolve("local"), local);
        try (Stream<Path> files = Files.walk(local.resolve("pinned"))) {
            for (Path input : files.filter(file -> file.endsWith("input.json")).toList()) {
                byte[] bytes = inFolder(input, local);
                CRC32C checksum = new CRC32C();
                checksum.update(bytes);
                Files.write(input, bytes);
                Files.writeString(input.resolveSibling("input.crc32c"), "%08x".formatted(checksum.getValue()));
            }
        }
        Flyway.configure()
                .dataSource(source(url))
                .locations("classpath:db/migration/" + vendor)
                .target("10")
                .load()
                .migrate();
        new ResourceDatabasePopulator(new ByteArrayResource(inFolder(left.resolve("repository.sql"), local)))
                .execute(source(url));
    }

    private static byte[] inFolder(Path file, Path local) throws IOException {
        return Files.readString(file).replace("LOCAL", local.toString()).getBytes(StandardCharsets.UTF_8);
    }

    private static DriverManagerDataSource source(String url) {
        return new DriverManagerDataSource(url, "postgres", "postgres");
    }

    /** The answers of a run that nothing disturbed. */
    private Map<Long, List<Object>> undisturbed() throws Exception {
        CommandLine shop = new CommandLine(folder.resolve("undisturbed"))
                .job("predict", JOB)
                .classifier("models/tiny")
                .table(
                        "shop.lines",
                        IntStream.rangeClosed(1, ROWS)
                                .mapToObj(id -> id + ",milk " + id + ",2026-01-01")
                                .collect(Collectors.joining("\n", "id,text,day\n", "\n")));
        Ended ended = shop.run("job=predict", "day=2026-01-01");
        assertThat(ended.exit()).as(ended.words()).isZero();
        return AnsweredRows.in(shop.bucket(RESULT));
    }
}
