package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code check} in the local environment. */
class CheckTest {
    private static final int USAGE = 2;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder).table("shop.lines", "id,text\n1,milk\n").classifier("models/tiny");
    }

    @Test
    void aJobThatCanRunIsSaidTo() throws IOException {
        shop.job("predict", predict("id, text", "models/tiny"));

        Ended check = shop.run("check", "job=predict");

        assertThat(check.exit()).as(check.words()).isZero();
        assertThat(check.output())
                .contains(
                        "job predict",
                        "job repository: H2 ",
                        "model gs://models/tiny",
                        "writing to gs://results",
                        "device",
                        "No problems found");
        assertThat(shop.bucket("results/x")).doesNotExist();
        assertThat(folder.resolve("local/pinned")).isEmptyDirectory();
    }

    @Test
    void allThatIsWrongIsFoundAtOnce() {
        shop.job("predict", predict("id, txt", "models/none"))
                .job("broken", "steps: [{ extract: { query: SELECT 1 } }]");

        Ended check = shop.run("check");

        assertThat(check.exit()).isEqualTo(USAGE);
        assertThat(check.output())
                .contains("'key'", "txt", "gs://models/none", "checks found a problem.")
                .doesNotContain("Exception");
    }

    /** Problems of rows that a run would meet, each with the query that helps. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SELECT id, text AS words, label FROM shop.lines | no column 'text' (text of 'infer', line 3), no column 'text' (text of 'train', line 4); it has id, words, label",
                "SELECT id AS line, text, label FROM shop.lines | no key column 'id'; it has line, text, label",
                "SELECT id, text FROM shop.lines | no column 'label' (label of 'train', line 4); it has id, text",
                "SELECT l.id, l.text, r.text, l.label FROM shop.lines l JOIN shop.lines r USING (id) | the column 'text' 2 times (rename the others with AS)",
                "SELECT id / 1 AS id, text, label FROM shop.lines | The key column 'id' is a DOUBLE",
                "SELECT nullif(id, 2) AS id, text, label FROM shop.lines | The key column 'id' is null in 1 rows",
                "SELECT 7 AS id, text, label FROM shop.lines | The key '7' occurs 3 times in column 'id'",
                "SELECT id, text, nullif(label, 'drinks') AS label FROM shop.lines | 1 of 3 rows have no 'label' (null), and 'train' can learn nothing from them; leave them out: WHERE label IS NOT NULL",
                "SELECT id, text, 'dairy' AS label FROM shop.lines | column 'label' has only one label, and 'train' needs at"
                        + " least two labels",
                "SELECT id, CASE WHEN id = 3 THEN text END AS text, label FROM shop.lines | 2 of 3 rows have no 'text' (null), and 'infer' may set aside 1; leave them out (WHERE text IS NOT NULL) or allow more with 'rejects'",
                "SELECT id, text, label FROM shop.lines WHERE false | column 'label' has no label",
                "(SELECT id, text, label FROM shop.lines) | -",
                "WITH l AS (SELECT * FROM shop.lines) SELECT * FROM l WHERE day <= @day -- to the end | -",
            })
    void theRowsAreLookedAt(String query, String problem) {
        shop.table(
                        "shop.lines",
                        "id,text,label,day\n1,milk,dairy,2026-01-01\n2,tea,drinks,2026-01-01\n3,cream,dairy,2026-01-01\n")
                .job("learn", """
                        steps:
                          - extract: { query: "%s", key: id }
                          - infer: { model: "gs://models/tiny", task: text-classification, text: text, to: "gs://results/x" }
                          - train: { model: "gs://models/tiny", task: text-classification, text: text, label: label }
                        parameters:
                          day: { type: date, default: today }
                        """.formatted(query));

        Ended check = shop.run("check", "job=learn");

        if (problem.equals("-")) {
            assertThat(check.exit()).as(check.words()).isZero();
            assertThat(check.output()).contains("id BIGINT, text VARCHAR, label VARCHAR", "3 rows");
        } else {
            assertThat(check.output()).contains(problem);
            assertThat(check.exit()).isEqualTo(USAGE);
        }
        assertThat(folder.resolve("local/pinned")).isEmptyDirectory();
    }

    /** Of a classifier that is trained on: it would answer with labels that it was not trained for. */
    @Test
    void labelsThatTheModelLacksAreNamed() {
        shop.table("shop.lines", "id,text,label\n1,milk,drinks\n2,tea,food\n3,bread,food\n")
                .job("learn", """
                        steps:
                          - extract: { query: "SELECT * FROM shop.lines", key: id }
                          - train: { model: "gs://models/tiny", task: text-classification, text: text, label: label }
                        """);

        Ended check = shop.run("check", "job=learn");

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        assertThat(check.output())
                .contains(
                        "column 'label' has 'food', which the model gs://models/tiny of 'train' lacks; it knows bakery, dairy");
    }

    @Test
    void theDeviceOfATrainingIsLookedFor() {
        shop.table("shop.lines", "id,text,label\n1,milk,dairy\n2,tea,bakery\n3,bread,bakery\n")
                .job("learn", """
                        steps:
                          - extract: { query: "SELECT * FROM shop.lines", key: id }
                          - train: { model: "gs://models/tiny", task: text-classification, text: text, label: label, device: "gpu:7" }
                        """);

        Ended check = shop.run("check", "job=learn");

        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        assertThat(check.output()).contains("There is no gpu:7", "device: cpu");
    }

    @Test
    void rowsThatTakeLongToCountAreNotCounted() {
        shop.job(
                "predict",
                predict("CAST(a * b AS STRING) AS id, 'x' AS text", "models/tiny")
                        .replace(
                                "FROM shop.lines",
                                "FROM UNNEST(GENERATE_ARRAY(1, 1000000)) AS a, UNNEST(GENERATE_ARRAY(1, 1000000)) AS b"));

        Ended check = shop.run("check", "job=predict");

        assertThat(check.output()).contains("can run; its columns: id VARCHAR", "too many rows to count");
        assertThat(check.exit()).as(check.words()).isZero();
    }

    @Test
    void findingsAreJsonForPrograms() {
        shop.job("predict", predict("id, text", "models/tiny"));

        assertThat(shop.run("check", "job=predict", "--json").output()).contains("\"state\" : \"ok\"");
    }

    private static String predict(String columns, String model) {
        return """
                steps:
                  - extract: { query: "SELECT %s FROM shop.lines", key: id }
                  - infer: { model: "gs://%s", task: text-classification, text: text, to: "gs://results/x" }
                  - load: { table: shop.answers }
                """.formatted(columns, model);
    }
}
