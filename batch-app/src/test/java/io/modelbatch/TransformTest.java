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
        assertThat(Files.readString(only("sentences/rejects"))).contains("\"key\":4", "\"reason\":\"has no text\"");
        assertThat(rows("kept", "id, label, score"))
                .isEqualTo(rows("answers", "id, label, score"))
                .hasSize(6);
        assertThat(query("select id, label, score from '" + folder.resolve("local/warehouse/shop/kept.parquet")
                        + "' order by id"))
                .isEqualTo(rows("answers", "id, label, score"));
        assertThat(ended.output()).contains("\"input-rows\":5");
    }

    private Path only(String results) throws Exception {
        try (var files = Files.list(batch.bucket("results/" + results))) {
            List<Path> all = files.toList();
            assertThat(all).hasSize(1);
            return all.get(0);
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
