package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of a result without the entities that the model finds, from a table to a table. */
class RedactTest {
    private static final String JOB = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - infer:
                  model: gs://models/tiny
                  task: token-classification
                  text: text
                  max-length: 16
                  to: gs://results/all
                  aggregation: max
                  rejects: { share: 1 }
                  %s
              - load: { table: shop.answers }
            """;
    private static final String ROWS =
            "id,text\n1,milk 2x\n2,😀 O'Neil bagel 6x\n3,\"" + "tea and bread ".repeat(40) + "\"\n4,a\n";

    @TempDir
    private Path folder;

    private CommandLine shop(String options) {
        return new CommandLine(folder)
                .job("work", JOB.formatted(options))
                .table("shop.lines", ROWS)
                .model("models/tiny", Fixture.named("bert-tokens").model());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void replacesWhatTheModelFinds(String format) throws Exception {
        CommandLine shop = shop("long-text: chunk\n      redact: {}\n      format: " + format);
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        List<List<String>> rows = rows("""
                SELECT text, redacted, entity.unnest."start", entity.unnest."end", entity.unnest.word, entity.unnest.entity
                FROM answers JOIN lines USING (id), UNNEST(entities) AS entity ORDER BY id, 3 DESC""");
        assertThat(rows).hasSizeGreaterThan(40);
        assertThat(rows).allSatisfy(row -> assertThat(row.get(4)).isEqualTo("[" + row.get(5) + "]"));
        List<String> texts = rows.stream().map(row -> row.get(0)).distinct().toList();
        for (String text : texts) {
            String expected = text;
            for (List<String> row : rows) {
                if (row.get(0).equals(text)) {
                    expected = expected.substring(0, expected.offsetByCodePoints(0, Integer.parseInt(row.get(2))))
                            + row.get(4)
                            + expected.substring(expected.offsetByCodePoints(0, Integer.parseInt(row.get(3))));
                }
            }
            assertThat(rows.stream().filter(row -> row.get(0).equals(text)).map(row -> row.get(1)))
                    .containsOnly(expected)
                    .doesNotContain(text);
        }
        assertThat(rows("SELECT id FROM answers WHERE redacted IS NULL")).isEmpty();
        assertThat(rows("SELECT id FROM answers")).hasSize(4);
    }

    /** A rejected text was not checked. This one has more characters than the tokenizer takes without truncation. */
    @Test
    void aRejectedRowHasNoText() throws Exception {
        CommandLine shop = shop("long-text: chunk\n      redact: {}")
                .table("shop.lines", ROWS + "5," + "unreadable ".repeat(400_000) + "\n");
        assertThat(shop.run("job=work").exit()).isZero();

        List<String> rejects = filesWith(".jsonl");
        assertThat(rejects).hasSize(1);
        assertThat(rejects.get(0)).contains("\"key\":5", "characters; at most", "\"row\":{\"id\":5}");
        assertThat(shop.run("report", "--json").output())
                .contains("characters; at most")
                .doesNotContain("unreadable");
        assertThat(filesThatHave("unreadable"))
                .allMatch(file -> file.endsWith("lines.csv") || file.startsWith("local/pinned"));
    }

    /** The variable exists wherever this test runs. */
    @Test
    void hashesHaveAKeyThatIsNowhere() throws Exception {
        CommandLine shop = shop("long-text: chunk\n      redact: { as: hash, key-from: PATH }");
        assertThat(shop.run("check", "job=work").words()).contains("redact key PATH");
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(rows("SELECT redacted FROM answers WHERE id = 4"))
                .singleElement()
                .satisfies(row -> assertThat(row.get(0)).matches("\\[[A-Z]+_[0-9a-f]{16}]"));
        assertThat(rows("""
                SELECT count(DISTINCT entity.unnest.word) FROM answers JOIN lines USING (id), UNNEST(entities) AS entity
                GROUP BY lower(substr(text, entity.unnest."start" + 1, entity.unnest."end" - entity.unnest."start")),
                    entity.unnest.entity""")).allSatisfy(row -> assertThat(row).containsExactly("1"));
        String key = System.getenv("PATH");
        assertThat(ended.words()).doesNotContain(key);
        assertThat(filesThatHave(key)).isEmpty();
    }

    /** The variable of the second key is any other one that is long enough. */
    @Test
    void aRunDoesNotResumeWithAnotherKey() {
        Optional<String> other = System.getenv().entrySet().stream()
                .filter(each ->
                        each.getKey().matches("[A-Z_]+") && each.getValue().length() > 16)
                .filter(each -> !each.getValue().equals(System.getenv("PATH")))
                .map(Map.Entry::getKey)
                .findFirst();
        assumeThat(other).isPresent();
        String options = "long-text: chunk\n      block: { rows: 1 }\n      redact: { as: hash, key-from: PATH }";
        CommandLine shop = shop(options).table("shop.lines", ROWS + "5,\n");
        String job = JOB.formatted(options);
        shop.job("work", job.replace("share: 1", "max: 0"));
        assertThat(shop.run("job=work").exit()).isEqualTo(3);

        shop.job("work", job.replace("PATH", other.get()));
        Ended ended = shop.run("job=work", "accept-changes=true");
        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words()).contains("is not the one that the run began with", "would have two hashes");

        shop.job("work", job);
        Ended resumed = shop.run("job=work", "accept-changes=true");
        assertThat(resumed.exit()).as(resumed.words()).isZero();
    }

    @Test
    void aMissingKeyIsSaidBeforeTheRunBegins() {
        CommandLine shop = shop("long-text: chunk\n      redact: { as: hash, key-from: MODELBATCH_NO_SUCH_VARIABLE }");

        Ended ended = shop.run("job=work");
        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.words()).contains("MODELBATCH_NO_SUCH_VARIABLE is not set");
        assertThat(folder.resolve("local/pinned")).isEmptyDirectory();
        Ended check = shop.run("check", "job=work");
        assertThat(check.exit()).isEqualTo(2);
        assertThat(check.words()).contains("redact key", "MODELBATCH_NO_SUCH_VARIABLE is not set");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "redact: {}| redact: needs 'long-text: chunk'",
                "redact: { as: hash }| redact: lacks 'key-from', the environment variable with the key of the hashes; needs",
                "redact: { key-from: X }, long-text: chunk| redact: has 'key-from', which belongs to as: hash",
                "redact: { as: hash, key-from: a-b }, long-text: chunk| must be the name of an environment variable",
                "redact: { as: secret }, long-text: chunk| must be one of",
                "redact: {}, long-text: chunk, aggregation: none| aggregation: cannot be none with redact",
                "redact: {}, task: text-classification| redact: belongs to task token-classification",
                "redact: {}, long-text: chunk, text: id| is 'id', the text that the step in line",
                "redact: {}, long-text: chunk, key: Redacted| is 'Redacted', and the answers",
            })
    void refusesWhatDoesNotGoTogether(String options, String cause) {
        String key = options.contains("key: ") ? options.replaceAll(".*key: ", "") : "id";
        String infer = (options.contains("task:") ? "" : "task: token-classification, ")
                + (options.contains("text: id") ? "" : "text: text, ")
                + options.replaceAll(", key: .*", "");
        Ended ended = shop("").job("work", """
                        steps:
                          - extract: { query: "SELECT id, text FROM shop.lines", key: %s }
                          - infer: { model: gs://models/tiny, to: gs://results/all, %s }
                        """.formatted(key, infer)).run("job=work");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(2);
        assertThat(ended.errors()).contains(cause);
    }

    private List<String> filesWith(String ending) throws IOException {
        try (var files = Files.walk(folder.resolve("local"))) {
            List<String> texts = new ArrayList<>();
            for (Path file : files.filter(each ->
                            each.toString().endsWith(ending) && each.toString().contains("rejects"))
                    .toList()) {
                texts.add(Files.readString(file));
            }
            return texts;
        }
    }

    private List<String> filesThatHave(String text) throws IOException {
        try (var files = Files.walk(folder.resolve("local"))) {
            List<String> found = new ArrayList<>();
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                if (new String(Files.readAllBytes(file), StandardCharsets.UTF_8).contains(text)) {
                    found.add(folder.relativize(file).toString());
                }
            }
            return found;
        }
    }

    private List<List<String>> rows(String query) throws Exception {
        return LoadedAnswers.query(folder, query);
    }
}
