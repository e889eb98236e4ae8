package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code docs/extending.md} and {@code docs/examples/extension}: built by its own POM against the plain jar, as the page says, put into
 * {@code extensions}, run, killed and resumed.
 */
class ExtendingIT {
    private static final int LINES = 400;
    private static final int FILES = 4;
    private static final int KILLED = 137;
    private static final int COMMITS = 60;
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private static Path home;

    /** The folder in which the page ends. */
    private static Path built;

    @BeforeAll
    static void followThePage() throws Exception {
        built = TypedPage.of("extending.md", "./mvnw -q -DskipTests install\n", home, InstalledJar.environment())
                .follow();
    }

    @Test
    void thePageEndsWithARunOfEachStep() throws Exception {
        assertThat(built).isEqualTo(home.resolve("shop-steps"));
        assertThat(lines(built)).containsExactly(2, 3, 4, 6);
        assertThat(built.resolve("archive/prices.csv")).exists();
        assertThat(built.resolve("inbox")).isEmptyDirectory();
    }

    /** Killed at commits all over the run: each line is imported once, each file is archived, and each sentence is in the table once. */
    @Test
    void killedAndResumedNoLineIsLostOrDoubled(@TempDir Path folder) throws Exception {
        copyTo(folder);
        int seed = Integer.getInteger("seed", 1);
        Random random = new Random(seed);
        List<Integer> exits = new ArrayList<>();
        int kills = 0;
        for (int i = 0; i < Integer.getInteger("kills", 5); i++) {
            String crash = (random.nextBoolean() ? "BEFORE" : "AFTER") + "_COMMIT:" + (1 + random.nextInt(COMMITS / 4));
            int exit = run(folder, crash);
            exits.add(exit);
            kills += exit == KILLED ? 1 : 0;
        }
        exits.add(run(folder, "NONE:0"));

        assertThat(exits).as("seed " + seed).containsOnly(KILLED, 0).endsWith(0);
        assertThat(kills).isPositive();
        assertThat(lines(folder))
                .containsExactlyElementsOf(IntStream.rangeClosed(2, LINES + 1)
                        .filter(line -> !isBad(line))
                        .boxed()
                        .toList());
        try (Stream<Path> archived = Files.list(folder.resolve("archive"))) {
            assertThat(archived).hasSize(FILES);
        }
        assertThat(folder.resolve("inbox")).isEmptyDirectory();
        assertThat(sentences(folder)).isEqualTo("600 sentences, 301 different ones");
        assertThat(BatchProcess.run(folder, "report").output())
                .contains("\"bad-lines\" : " + LINES / 100, "\"imported\" : " + (LINES - LINES / 100));
    }

    private static String sentences(Path folder) throws SQLException {
        String table = folder.resolve("local/warehouse/shop/sentences.parquet").toString();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery(
                        "select count(*) || ' sentences, ' || count(distinct sentence) || ' different ones' from '"
                                + table + "'")) {
            found.next();
            return found.getString(1);
        }
    }

    private static boolean isBad(int line) {
        return line % 100 == 50;
    }

    private static void copyTo(Path folder) throws IOException {
        Files.copy(
                built.resolve("extensions/shop-steps.jar"),
                Files.createDirectories(folder.resolve("extensions")).resolve("shop-steps.jar"));
        new CommandLine(folder).job("prices", """
                parameters:
                  day: { type: date, default: 2026-03-31 } # a run that is complete stays so
                steps:
                  - import-prices: { file: inbox/prices.csv, to: "gs://shop/prices", lines: 10, bad-lines: 4 }
                  - move-files: { name: archive, from: inbox, to: archive }
                  - extract:
                      query: SELECT n AS id, CONCAT('No ', CAST(n AS STRING), '. And more.') AS text FROM UNNEST(GENERATE_ARRAY(1, 300)) AS n
                      key: id
                      partitions: 2
                  - split-sentences: { text: text, to: "gs://shop/sentences", block: { rows: 20 } }
                  - load: { table: shop.sentences, mode: replace }
                """);
        Path inbox = Files.createDirectories(folder.resolve("inbox"));
        Files.writeString(inbox.resolve("prices.csv"), "product;amount;currency\n" + prices());
        for (int i = 1; i < FILES; i++) {
            Files.writeString(inbox.resolve("note" + i + ".txt"), "note");
        }
    }

    private static String prices() {
        StringBuilder lines = new StringBuilder();
        for (int line = 2; line < LINES + 2; line++) {
            lines.append("product ")
                    .append(line)
                    .append(isBad(line) ? ";ask us" : ";1.50")
                    .append(";EUR\n");
        }
        return lines.toString();
    }

    private static int run(Path folder, String crash) throws IOException, InterruptedException {
        return BatchProcess.startCrashing(folder, crash, "job=prices").await().exit();
    }

    /** The lines that are in the bucket, in the order of the objects. */
    private static List<Integer> lines(Path folder) throws IOException {
        try (Stream<Path> objects = Files.list(folder.resolve("local/buckets/shop/prices"))) {
            return objects.filter(object -> object.toString().endsWith(".jsonl"))
                    .sorted()
                    .flatMap(ExtendingIT::read)
                    .map(line -> JSON.readTree(line).get("line").asInt())
                    .toList();
        }
    }

    private static Stream<String> read(Path object) {
        try {
            return Files.readAllLines(object).stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
