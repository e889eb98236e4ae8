package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Transforms of a jar, before and behind a model. */
class TransformTest {
    private static final String SPLIT = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.reviews", key: id, partitions: 2 }
              - split-sentences: { text: text, to: "gs://results/sentences", rejects: { max: 1 } }
            """;
    private static final String CHAIN = SPLIT + """
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: sentence
                  to: gs://results/answers
                  dtype: float32
              - keep-confident: { score: 0, to: "gs://results/kept" }
              - load: { table: shop.kept }
            """;

    @TempDir
    private Path folder;

    private CommandLine batch;

    @BeforeEach
    void shop() throws Exception {
        ExtensionJar.put(folder);
        batch = new CommandLine(folder)
                .job("reviews", CHAIN)
                .table("shop.reviews", """
                        id,text
                        1,Good milk. I buy it again!
                        2,""
                        3,Bread.
                        4,
                        5,One. Two. Three.
                        """)
                .classifier("models/tiny");
    }

    @Test
    void theRowsOfATransformGoThroughAModelAndIntoATable() throws Exception {
        assertThat(run("check").exit()).as(run("check").words()).isZero();

        Ended ended = run("job=reviews");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(rows("sentences", "id, sentence, words"))
                .containsExactlyInAnyOrder(
                        List.of("1#0", "Good milk.", 2L),
                        List.of("1#1", "I buy it again!", 4L),
                        List.of("3#0", "Bread.", 1L),
                        List.of("5#0", "One.", 1L),
                        List.of("5#1", "Two.", 1L),
                        List.of("5#2", "Three.", 1L));
        assertThat(Files.readString(only("sentences/rejects")))
                .contains("\"key\":4", "\"reason\":\"has no text\"", "\"row\":{\"id\":4,\"text\":null}");
        assertThat(rows("kept", "id, label, score"))
                .isEqualTo(rows("answers", "id, label, score"))
                .hasSize(6);
        assertThat(query("select id, label, score from '" + folder.resolve("local/warehouse/shop/kept.parquet")
                        + "' order by id"))
                .isEqualTo(rows("answers", "id, label, score"));
        assertThat(ended.output()).contains("\"input-rows\":5");
    }

    /** All of them at once, with their lines, before anything runs. */
    @Test
    void mistakesAreFoundWhenTheFileIsRead() {
        batch.job("reviews", """
                steps:
                  - extract: { query: "SELECT id, text FROM shop.reviews", key: id }
                  - split-sentences: { text: text, to: "gs://results/a", format: jsonl }
                  - infer: { model: gs://models/tiny, task: text-classification, text: text, to: "gs://results/a" }
                  - keep-confident: { score: 2, to: "gs://results/b" }
                """);

        Ended ended = run("list");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors())
                .contains("reviews.yaml:3:", "format: must be parquet, for the step in line 4 works on its rows")
                .contains("reviews.yaml:4:", "writes to gs://results/a, like the step in line 3")
                .contains(
                        "is 'text', a column that the rows of 'split-sentences' in line 3 lack; they have id, sentence, words")
                .contains("reviews.yaml:5:", "score");
    }

    @Test
    void aLoadNeedsAResult() {
        batch.job("reviews", """
                steps:
                  - extract: { query: "SELECT id, text FROM shop.reviews", key: id }
                  - load: { table: shop.kept }
                """);

        assertThat(run("list").errors()).contains("reviews.yaml:3:", "needs a step 'infer'");
    }

    @Test
    void aColumnThatATransformReadsMustBeInTheQuery() {
        batch.job("reviews", SPLIT.replace("text: text", "text: words"));

        assertThat(run("check").words()).contains("no column 'words' (text of 'split-sentences', line 3)");
    }

    @Test
    void aRowThatFailsIsNamed() {
        batch.job("reviews", """
                steps:
                  - extract: { query: "SELECT id, text AS label, 'high' AS score FROM shop.reviews WHERE id > 2", key: id }
                  - keep-confident: { score: 0.5, to: "gs://results/kept" }
                """);

        Ended ended = run("job=reviews");

        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.words())
                .contains(
                        "Step keep-confident (keep-confident) failed at the row with key '",
                        "Column 'score' is 'high', and not a number (KeepConfidentType.java:");
        assertThat(batch.bucket("results/kept/manifest.json")).doesNotExist();
    }

    /** The sentences are there when the model is found to be missing; one of them is damaged before the model is there. */
    @Test
    void aShardIsComparedBeforeALaterStepReadsIt() throws Exception {
        Path model = batch.bucket("models/tiny");
        Path away = folder.resolve("away");
        Files.move(model, away);
        assertThat(run("job=reviews").words()).contains("gs://models/tiny");
        Files.move(away, model);
        Path shard = shards("sentences").get(0);
        byte[] content = Files.readAllBytes(shard);
        content[content.length / 2] ^= 1;
        Files.write(shard, content);

        Ended damaged = run("job=reviews");

        assertThat(damaged.exit()).isEqualTo(3);
        assertThat(damaged.words()).contains(shard.getFileName().toString(), "again=true");
        content[content.length / 2] ^= 1;
        Files.write(shard, content);
        assertThat(run("job=reviews").exit()).isZero();
        assertThat(rows("answers", "id, label, score")).hasSize(6);
    }

    @Test
    void moreRejectsThanAllowedFailTheStepAndMoreCanBeAllowed() throws Exception {
        batch.job("reviews", SPLIT.replace("max: 1", "max: 0"));
        Ended refused = run("job=reviews");
        assertThat(refused.exit()).isEqualTo(3);
        assertThat(refused.words()).contains("were rejected, and 'rejects' of step split-sentences allows 0 of all 5");
        batch.job("reviews", SPLIT);

        assertThat(run("job=reviews", "accept-changes=true").exit()).isZero();

        assertThat(rows("sentences", "id, sentence, words")).hasSize(6);
    }

    private Path only(String results) throws Exception {
        try (var files = Files.list(batch.bucket("results/" + results))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
        }
    }

    private List<Path> shards(String result) throws Exception {
        try (var files = Files.list(batch.bucket("results/" + result))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .toList();
        }
    }

    private List<List<Object>> rows(String result, String columns) throws SQLException {
        return query("select " + columns + " from '" + batch.bucket("results/" + result) + "/*.parquet' order by id");
    }

    private static List<List<Object>> query(String sql) throws SQLException {
        List<List<Object>> rows = new ArrayList<>();
        try (var duckdb = DriverManager.getConnection("jdbc:duckdb:");
                var statement = duckdb.createStatement();
                var found = statement.executeQuery(sql)) {
            while (found.next()) {
                rows.add(List.of(found.getObject(1), found.getObject(2), found.getObject(3)));
            }
        }
        return rows;
    }

    private Ended run(String... words) {
        List<String> all = new ArrayList<>(List.of(words));
        all.add("--modelbatch.extensions=" + folder.resolve("extensions"));
        return batch.run(all.toArray(String[]::new));
    }
}
