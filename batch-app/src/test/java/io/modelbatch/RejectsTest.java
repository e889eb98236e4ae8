package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongPredicate;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Rows that cannot be answered are set aside, up to a cap. */
class RejectsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;
    private static final int ROWS = 200;

    private static final String PREDICT = """
            parameters:
              to: { type: string, default: tiny }
            steps:
              - extract: { query: "SELECT id, text, pair FROM shop.lines ORDER BY id", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  text-pair: pair
                  to: gs://results/${to}
                  block: { rows: 16 }
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder)
                .job("predict", PREDICT)
                .model("models/tiny", Fixture.named("bert-pair").model());
    }

    @ParameterizedTest
    @ValueSource(strings = {"parquet", "jsonl"})
    void aFewPoisonRowsAreSetAsideAndTheRestIsRight(String format) throws Exception {
        shop.job("predict", PREDICT.replace("block:", "format: " + format + "\n      block:"));
        lines(id -> id == 7 || id == 130);

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        JsonNode manifest = manifest();
        assertThat(manifest.path("rows").asLong()).isEqualTo(ROWS - 2);
        assertThat(manifest.path("rejected").asLong()).isEqualTo(2);
        Map<Long, JsonNode> rejects = rejects();
        assertThat(rejects).containsOnlyKeys(7L, 130L);
        rejects.forEach((id, reject) -> {
            assertThat(reject.path("reason").stringValue()).isEqualTo("has no second text (null)");
            assertThat(reject.path("row").path("id").asLong()).isEqualTo(id);
            assertThat(reject.path("row").path("text").stringValue()).isEqualTo(text(id));
            assertThat(reject.path("row").path("pair").isNull()).isTrue();
        });
        assertThat(step().path("rows").asLong()).isEqualTo(ROWS);
        assertThat(step().path("rejected").asLong()).isEqualTo(2);

        Map<Long, String> answers = answers();
        assertThat(answers.keySet()).isEqualTo(ids(id -> id != 7 && id != 130));
        lines(id -> false);
        assertThat(shop.run("job=predict", "to=clean").exit()).isZero();
        assertThat(answers()).hasSize(ROWS).containsAllEntriesOf(answers);
    }

    @Test
    void theLastWordsSayHowManyAndWhere() throws Exception {
        lines(id -> id == 7);

        Ended ended = shop.run("job=predict");
        JsonNode report = JSON.readTree(shop.run("report", "--json").output())
                .path("steps")
                .path(1);

        assertThat(ended.output())
                .contains("infer 200 rows (1 rejected)", "gs://results/tiny/rejects", "\"rejected\":{\"infer\":1}");
        assertThat(report.path("rejected").asLong()).isEqualTo(1);
        assertThat(report.path("figures").path("rejected").asLong()).isEqualTo(1);
        assertThat(report.path("figures").path("rejects").stringValue()).isEqualTo("gs://results/tiny/rejects");

        lines(id -> false);
        assertThat(shop.run("job=predict", "again=true").words()).doesNotContain("reject");
    }

    @Test
    void tooManyPoisonRowsFailTheStepUntilMoreAreAllowed() throws Exception {
        lines(id -> id % 10 < 3);

        Ended failed = shop.run("job=predict");
        long committed = rejects().size();
        Ended again = shop.run("job=predict");

        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(failed.words())
                .containsPattern("\\d+ of the \\d+ rows so far were rejected")
                .contains(
                        "allows 2 of all 200 (1 % of the rows, the default)",
                        shop.bucket("results/tiny/rejects").toString(), "accept-changes=true", "again=true");
        assertThat(again.exit()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(rejects()).as("nothing more was done").hasSize((int) committed);
        assertThat(step().path("rejected").asLong()).isEqualTo(committed);
        assertThat(shop.bucket("results/tiny/manifest.json")).doesNotExist();

        shop.job("predict", PREDICT.replace("block:", "rejects: { max: 60 }\n      block:"));
        Path orphan = strayCopy();
        assertThat(shop.run("job=predict").exit()).isEqualTo(USAGE);
        Ended ended = shop.run("job=predict", "accept-changes=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("run-resumed");
        assertThat(orphan).doesNotExist();
        assertThat(rejects().keySet()).isEqualTo(ids(id -> id % 10 < 3));
        assertThat(answers().keySet()).isEqualTo(ids(id -> id % 10 >= 3));
        assertThat(step().path("rows").asLong()).isEqualTo(ROWS);
        assertThat(step().path("rejected").asLong()).isEqualTo(60);
    }

    @Test
    void aCapOfNoneNamesItself() throws Exception {
        shop.job("predict", PREDICT.replace("block:", "rejects: { max: 0 }\n      block:"));
        lines(id -> id == ROWS - 1);

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(ended.words()).contains("1 of the ", "allows 0 of all 200 (max: 0)");
        assertThat(rejects()).containsOnlyKeys((long) ROWS - 1);
    }

    @Test
    void aFailureInTheMiddleOfAStepKeepsTheCounts() throws Exception {
        shop.job("predict", PREDICT.replace("block:", "rejects: { share: 0.1 }\n      block:"));
        lines(id -> id % 20 == 11);
        Path blocked = shop.bucket("results/tiny/rejects");
        Files.createDirectories(blocked.getParent());
        Files.createFile(blocked);
        Ended failed = shop.run("job=predict");
        Files.delete(blocked);
        assertThat(failed.exit()).as(failed.words()).isIn(FAILED, FAILED_FOR_GOOD);
        assertThat(step().path("rejected").asLong()).isZero();

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(rejects().keySet()).isEqualTo(ids(id -> id % 20 == 11));
        assertThat(answers().keySet()).isEqualTo(ids(id -> id % 20 != 11));
        assertThat(step().path("rows").asLong()).isEqualTo(ROWS);
        assertThat(step().path("rejected").asLong()).isEqualTo(10);
        assertThat(listed()).isEqualTo(stored());
    }

    @Test
    void aNewResultReplacesTheOldRejects() throws Exception {
        lines(id -> id == 7);
        shop.run("job=predict");
        Set<String> before = stored();
        Path foreign = Files.createFile(shop.bucket("results/tiny/rejects/notes.txt"));
        lines(id -> id == 8);

        Ended ended = shop.run("job=predict", "again=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(foreign).isRegularFile();
        Files.delete(foreign);
        assertThat(rejects()).containsOnlyKeys(8L);
        assertThat(stored()).isEqualTo(listed()).doesNotContainAnyElementsOf(before);
    }

    @Test
    void anotherResultInAFolderOfThatNameIsLeftAlone() throws Exception {
        String infer = PREDICT.substring(PREDICT.indexOf("  - infer"), PREDICT.indexOf("  - load"));
        String inner =
                infer.replace("infer:\n", "infer:\n      name: infer-2\n").replace("${to}", "tiny/rejects");
        shop.job("predict", PREDICT.replace(infer, inner + infer));
        lines(id -> false);

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        JsonNode manifest = JSON.readTree(Files.readAllBytes(shop.bucket("results/tiny/rejects/manifest.json")));
        assertThat(manifest.path("shards"))
                .isNotEmpty()
                .allSatisfy(shard -> assertThat(shop.bucket(
                                "results/tiny/rejects/" + shard.path("name").stringValue()))
                        .isRegularFile());
    }

    @Test
    void aResultMayHaveNothingButRejects() throws Exception {
        shop.job("predict", PREDICT.replace("block:", "rejects: { share: 1 }\n      block:"));
        lines(id -> true);

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(manifest().path("rows").asLong()).isZero();
        assertThat(manifest().path("shards")).isEmpty();
        assertThat(rejects()).hasSize(ROWS);
        assertThat(answers()).isEmpty();
    }

    /** Rows whose second text is missing where they are poisoned. */
    private void lines(LongPredicate poisoned) {
        StringBuilder csv = new StringBuilder("id,text,pair\n");
        for (long id = 0; id < ROWS; id++) {
            csv.append(id).append(",\"").append(text(id)).append("\",");
            csv.append(poisoned.test(id) ? "" : "\"bread " + id + "\"").append('\n');
        }
        shop.table("shop.lines", csv.toString());
    }

    private static String text(long id) {
        return "牛乳 🥛 é 'milk' " + id;
    }

    private static Set<Long> ids(LongPredicate wanted) {
        return LongStream.range(0, ROWS).filter(wanted).boxed().collect(Collectors.toSet());
    }

    private JsonNode manifest() throws IOException {
        return JSON.readTree(Files.readAllBytes(shop.bucket("results/tiny/manifest.json")));
    }

    /** The newest run's step {@code infer}, as {@code status} tells it. */
    private JsonNode step() {
        return JSON.readTree(shop.run("status", "--json").output())
                .path(0)
                .path("steps")
                .path(1);
    }

    /** The rejects that are there, by key; none twice. */
    private Map<Long, JsonNode> rejects() throws IOException {
        Map<Long, JsonNode> rejects = new TreeMap<>();
        try (var files = Files.list(shop.bucket("results/tiny/rejects"))) {
            for (Path file : files.toList()) {
                Files.readString(file)
                        .lines()
                        .map(JSON::readTree)
                        .forEach(line -> assertThat(rejects.put(line.path("key").asLong(), line))
                                .isNull());
            }
        }
        return rejects;
    }

    /** A copy of an object with rejects, under the name of a block that was never committed. */
    private Path strayCopy() throws IOException {
        try (var files = Files.list(shop.bucket("results/tiny/rejects"))) {
            Path file = files.findAny().orElseThrow();
            Path copy = file.resolveSibling(file.getFileName().toString().replaceFirst("-\\d{6}-", "-000999-"));
            return Files.copy(file, copy);
        }
    }

    /** The table that {@code load} made of the result. */
    private Map<Long, String> answers() throws Exception {
        Map<Long, String> answers = new TreeMap<>();
        try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery("SELECT id, label || ' ' || round(score, 4) FROM '"
                        + folder.resolve("local/warehouse/shop/answers.parquet") + "'")) {
            while (found.next()) {
                assertThat(answers.put(found.getLong(1), found.getString(2))).isNull();
            }
        }
        return answers;
    }

    private Set<String> listed() throws IOException {
        JsonNode manifest = manifest();
        Set<String> names = manifest.path("shards")
                .valueStream()
                .map(shard -> shard.path("name").stringValue())
                .collect(Collectors.toSet());
        manifest.path("rejects").forEach(object -> names.add(object.path("name").stringValue()));
        return names;
    }

    private Set<String> stored() throws IOException {
        Path result = shop.bucket("results/tiny");
        try (var files = Files.walk(result)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> result.relativize(file).toString())
                    .filter(name -> !name.equals("manifest.json"))
                    .collect(Collectors.toSet());
        }
    }
}
