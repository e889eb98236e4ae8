package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.assertj.core.api.Assumptions.assumeThatCode;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.model.Fixture;
import io.modelbatch.model.ScriptedDirectory;
import io.modelbatch.model.script.Precision;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The tasks of models, from a table to a table. */
class TasksTest {
    private static final String JOB = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - infer: { model: gs://models/tiny, text: text, to: gs://results/all, %s }
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop(String fixture, String options) {
        return new CommandLine(folder)
                .job("work", JOB.formatted(options))
                .table(
                        "shop.lines",
                        "id,text\n1,milk 2x\n2,O'Neil bagel 6x\n3,\"" + "tea and bread ".repeat(40) + "\"\n")
                .model("models/tiny", Fixture.named(fixture).model());
    }

    @Test
    void findsEntities() throws Exception {
        CommandLine shop = shop("bert-tokens", "task: token-classification");
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(answers("SELECT a.id, e.entity, e.word, substr(text, e.\"start\" + 1, e.\"end\" - e.\"start\")"
                        + " FROM (SELECT id, unnest(entities) AS e FROM answers) a JOIN lines USING (id)"))
                .isNotEmpty()
                .allSatisfy(row -> assertThat(row.get(3).replace(" ", ""))
                        .isEqualToIgnoringCase(row.get(2).replace(" ", "")));
    }

    @Test
    void embedsTexts() throws Exception {
        CommandLine shop = shop("sentence-embeddings", "task: feature-extraction, dtype: auto");
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(answers("SELECT len(embedding), list_sum(list_transform(embedding, x -> x * x)) FROM answers"))
                .hasSize(3)
                .allSatisfy(row -> {
                    assertThat(row.get(0)).isEqualTo("48");
                    assertThat(Double.parseDouble(row.get(1))).isCloseTo(1, within(1e-2));
                });
        JsonNode figures = inferFigures(shop);
        assertThat(figures.path("dtype").stringValue()).isIn("float32", "bfloat16");
        if (ProcessorPrecision.slower(Precision.BFLOAT16, List.of(ComputeDevice.CPU))
                .isEmpty()) {
            assertThat(figures.path("dtype-trial").path("rows").asInt()).isEqualTo(3);
            assertThat(figures.path("dtype-trial").path("difference").isNumber())
                    .isTrue();
        }
    }

    @Test
    void checkSaysThatAModelIsNotMadeForTheTask() throws Exception {
        assertThat(shop("sentence-embeddings", "task: text-classification")
                        .run("check", "job=work")
                        .words())
                .contains("was not fine-tuned to classify", "1 of");
    }

    /** A run says it too; auto does not try such a type, which would take longer than the rows in float32. */
    @Test
    void saysThatATypeIsSlowHere() throws Exception {
        Optional<String> warning = ProcessorPrecision.slower(Precision.FLOAT16, List.of(ComputeDevice.CPU));
        CommandLine shop = shop("bert-classification", "task: text-classification, device: cpu, dtype: float16");

        assertThat(shop.run("check", "job=work").words())
                .contains("dtype float16 on cpu: " + warning.orElse("supported"));
        Ended ended = shop.run("job=work");
        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(inferFigures(shop).path("dtype-warning").asString("")).isEqualTo(warning.orElse(""));
    }

    @Test
    void doesNotTryATypeThatTheProcessorLacks() throws Exception {
        assumeThat(ProcessorPrecision.slower(Precision.BFLOAT16, List.of(ComputeDevice.CPU)))
                .isPresent();
        CommandLine shop = shop("bert-classification", "task: text-classification, device: cpu, dtype: auto");
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(inferFigures(shop).path("dtype").asString("")).isEqualTo("float32");
        assertThat(inferFigures(shop).has("dtype-trial")).isFalse();
    }

    /** Speed and near labels decide whether it is kept; the report has the figures. */
    @Test
    void triesInt8() throws Exception {
        assumeThatCode(ComputeDevice.CPU::requireInt8).doesNotThrowAnyException();
        CommandLine shop = shop("bert-classification", "task: text-classification, dtype: int8");
        assertThat(shop.run("check", "job=work").words()).contains("dtype int8");
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(answers("SELECT label FROM answers")).hasSize(3);
        JsonNode figures = inferFigures(shop);
        assertThat(figures.path("dtype").stringValue()).isIn("float32", "int8");
        assertThat(figures.path("dtype-trial").path("tried").stringValue()).isEqualTo("int8");
        assertThat(figures.path("dtype-trial").path("same-labels").isNumber()).isTrue();
        assertThat(figures.path("dtype-trial").path("rows").asInt()).isEqualTo(3);
    }

    @Test
    void saysWhichTextsWereTruncated() throws Exception {
        CommandLine shop = shop("bert-classification", "task: text-classification, max-length: 32");
        assertThat(shop.run("job=work").exit()).isZero();
        JsonNode figures = inferFigures(shop);

        assertThat(figures.path("truncated").asInt()).isEqualTo(1);
        assertThat(figures.path("tokens").asInt()).isPositive();
        assertThat(figures.path("padding").asDouble()).isGreaterThanOrEqualTo(1);
        assertThat(figures.path("seconds").path("computing").isNumber()).isTrue();
    }

    @Test
    void readsLongTextsInWindows() throws Exception {
        CommandLine shop = shop("bert-classification", "task: text-classification, max-length: 32, long-text: chunk");
        Ended ended = shop.run("job=work");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(inferFigures(shop).path("truncated").isMissingNode()).isTrue();
        assertThat(answers("SELECT label FROM answers")).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "task: token-classification, top-k: 2| steps[1].infer.top-k: belongs to task text-classification",
                "task: feature-extraction, text-pair: text| steps[1].infer.text-pair: belongs to task text-classification",
                "task: text-classification, text-pair: text, long-text: chunk| steps[1].infer.long-text: cannot be chunk",
                "task: text-classification, device: gpu, dtype: int8| steps[1].infer.dtype: cannot be int8 on a GPU",
                "task: text-classification, device: tpu| must be auto, cpu, gpu or one GPU such as gpu:0",
            })
    void refusesWhatDoesNotGoTogether(String options, String cause) {
        Ended ended = shop("bert-classification", options).run("job=work");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors()).contains(cause);
    }

    @Test
    void failsWhereThereIsNoGpu() {
        Ended ended = shop("bert-classification", "task: text-classification, device: gpu:7")
                .run("job=work");

        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.words()).contains("There is no gpu:7", "PYTORCH_LIBRARY_PATH", "device: cpu");
    }

    /** A user's own archive: refused until the job names its SHA-256, then the same run resumes. */
    @Test
    void runsAnArchiveThatIsTrusted() throws Exception {
        Path own = ScriptedDirectory.write(folder.resolve("own"), "bert-classification", ScriptedDirectory.YAML);
        String options = "task: text-classification, dtype: auto";
        CommandLine shop = shop("bert-classification", options).model("models/own", own);
        String job = JOB.formatted(options).replace("gs://models/tiny", "gs://models/own");

        Ended untrusted = shop.job("work", job).run("job=work");
        assertThat(untrusted.exit()).isEqualTo(3);
        assertThat(untrusted.words())
                .contains("which is code", "trusted-sha256: " + ScriptedDirectory.sha256(own), "job=work");
        assertThat(shop.run("check", "job=work").words()).contains("which is code");

        Ended other = shop.job("work", job.replace("task:", "trusted-sha256: " + "0".repeat(64) + ", task:"))
                .run("job=work");
        assertThat(other.exit()).isEqualTo(3);
        assertThat(other.words()).contains("is not the archive that is trusted", ScriptedDirectory.sha256(own));

        String trusting = job.replace("task:", "trusted-sha256: " + ScriptedDirectory.sha256(own) + ", task:");
        Ended ended = shop.job("work", trusting).run("job=work");
        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(answers("SELECT label, score FROM answers"))
                .hasSize(3)
                .allSatisfy(row -> assertThat(row.get(0)).isIn("bakery", "dairy", "drinks", "household"));
        assertThat(inferFigures(shop).path("dtype").stringValue()).isEqualTo("float32");
        assertThat(shop.run("check", "job=work").exit()).isZero();

        Ended nothingToTrust = shop.job(
                        "other",
                        trusting.replace("gs://models/own", "gs://models/tiny").replace("results/all", "results/other"))
                .run("job=other");
        assertThat(nothingToTrust.exit()).isEqualTo(3);
        assertThat(nothingToTrust.words()).contains("leave out trusted-sha256");
    }

    @Test
    void anArchiveThatFailsEndsTheRun() throws Exception {
        Path own = ScriptedDirectory.write(
                folder.resolve("own"),
                "bert-classification",
                ScriptedDirectory.YAML.replace("[attention_mask, input_ids]", "[input_ids]"));
        String options = "task: text-classification, trusted-sha256: " + ScriptedDirectory.sha256(own);
        Ended ended = shop("bert-classification", options)
                .model("models/own", own)
                .job("work", JOB.formatted(options).replace("gs://models/tiny", "gs://models/own"))
                .run("job=work");

        assertThat(ended.exit()).isEqualTo(3);
        assertThat(ended.words()).contains("cannot be loaded", "forward");
    }

    private static JsonNode inferFigures(CommandLine shop) {
        JsonNode report =
                JsonMapper.shared().readTree(shop.run("report", "--json").output());
        return report.path("steps").path(1).path("figures");
    }

    private List<List<String>> answers(String query) throws Exception {
        return LoadedAnswers.query(folder, query);
    }
}
