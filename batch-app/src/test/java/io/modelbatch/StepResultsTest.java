package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Results of earlier steps in the texts of later ones. */
class StepResultsTest {
    private static final String INFER = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 2 }
              - infer: { model: "gs://models/tiny", task: text-classification, text: text, to: "gs://results/all" }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = SmallShop.open(folder);
    }

    @Test
    void aProgramGetsResultsOfEarlierSteps() throws IOException {
        shop.job("job", INFER + """
              - load: { table: shop.answers }
              - command:
                  run: [sh, -c, 'echo "$@" $ROWS > result', sh, "${steps.infer.uri}/x", "${steps.load.table}", "$${steps.x.y}", "$${HOME}"]
                  environment: { ROWS: "${steps.extract.rows}+${steps.infer.rejected}" }
                  outputs: gs://results/seen
            """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.bucket("results/seen/result"))
                .hasContent("gs://results/all/x shop.answers ${steps.x.y} ${HOME} 3+0");
    }

    @Test
    void aResumedRunHasTheResultsOfTheExecutionThatCompletedTheStep() throws IOException {
        shop.job("job", INFER + """
              - command:
                  run: [sh, -c, 'test -f again || { touch again; exit 1; }; echo "$@" > result', sh, "${steps.infer.uri} ${steps.infer.rows}"]
                  outputs: gs://results/seen
            """);
        assertThat(shop.run("job=job").exit()).isEqualTo(3);
        shop.table("shop.lines", "id,text,day\n1,milk,2026-01-01\n");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.bucket("results/seen/result")).hasContent("gs://results/all 3");
    }

    /** The model of a partitioned step, whose options the step after it reads, too. */
    @Test
    void aModelIsThatOfAnEarlierStep() throws IOException {
        shop.job("job", """
            steps:
              - download: { from: "gs://models/tiny/", to: "HERE/model/" }
              - upload: { from: "${steps.download.uri}", to: "gs://models/copied" }
              - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 2 }
              - infer: { model: "${steps.upload.uri}", task: text-classification, text: text, to: "gs://results/all" }
              - load: { table: shop.answers }
            """.replace("HERE", folder.toString()));

        Ended checked = shop.run("check", "job=job");

        assertThat(checked.exit()).as(checked.words()).isZero();
        assertThat(checked.output())
                .contains("model gs://models/copied of 'infer'", "is known when the step begins")
                .contains("table shop.answers of 'load'");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(shop.run("report", "--json").output()).contains("\"address\" : \"gs://models/copied\"");
        assertThat(folder.resolve("local/warehouse/shop/answers.parquet")).exists();
        assertThat(shop.bucket("results/all/manifest.json")).exists();
    }

    /** The words are those of the key, with the place in the file. */
    @Test
    void aValueThatTheOptionDoesNotAllowFailsTheStep() {
        shop.job("job", INFER + """
              - download: { name: back, from: "${steps.extract.rows}", to: "HERE/back/" }
            """.replace("HERE", folder.toString()));

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(3);
        assertThat(ended.words())
                .contains(
                        "job.yaml:4:35: steps[2].download.from: must be gs://bucket/name",
                        "not '3' (written as '${steps.extract.rows}')");
    }

    /** The address of a result is an option, so what it does not fit is refused before the run. */
    @Test
    void anAddressThatTheOptionDoesNotAllowIsRefused() {
        shop.job("job", INFER + "  - upload: { from: \"${steps.infer.uri}\", to: \"gs://results/x\" }\n");

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.words())
                .contains("steps[2].upload.from: must be a file or a folder of this machine, not 'gs://results/all'"
                        + " (written as '${steps.infer.uri}')");
        assertThat(shop.run("check", "job=job").words()).contains("steps[2].upload.from: must be a file");
    }

    @Test
    void theRunIsDefinedByWhatIsWritten() throws IOException {
        String job = INFER + """
              - command: { run: [echo, "${steps.infer.rows}"] }
              - command: { run: ["false"], name: fails }
            """;
        shop.job("job", job);
        assertThat(shop.run("job=job").exit()).isEqualTo(3);

        shop.job("job", job.replace("steps.infer.rows", "steps.extract.rows"));
        Ended refused = shop.run("job=job");

        assertThat(refused.exit()).isEqualTo(2);
        assertThat(refused.words())
                .contains(
                        "command.run: was '[\"echo\",\"${steps.infer.rows}\"]', is '[\"echo\",\"${steps.extract.rows}\"]'");
    }
}
