package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.modelbatch.extension.StepSpec;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.inference.TokenAggregation;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.model.Task;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.training.PublishOptions;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.Metric;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.LoadOptions;
import io.modelbatch.warehouse.TableLoad;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A folder of job files: which jobs there are, and what becomes of a good file. */
class JobFilesTest {
    private static final JobFiles SHIPPED = new JobFiles(Path.of("../job-configs"));
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-31T20:00:00Z"), ZoneOffset.UTC);

    @TempDir
    Path folder;

    @Test
    void whatIsNoFileIsNamedAndNotWaitedFor() throws Exception {
        Files.createDirectory(folder.resolve("folder.yaml"));
        Files.writeString(folder.resolve("good.yaml"), "steps:\r\n  - extract: { query: SELECT 1 AS id, key: id }\r\n");
        Files.createSymbolicLink(folder.resolve("linked.yaml"), Path.of("good.yaml"));
        assumeTrue(
                new ProcessBuilder("mkfifo", folder.resolve("pipe.yaml").toString())
                                .start()
                                .waitFor()
                        == 0,
                "this machine makes no pipes");

        List<JobFiles.Read> read = new JobFiles(folder).read(BuiltInStepTypes.all());

        assertThat(read)
                .extracting(job -> job.problems().toString())
                .satisfiesExactly(
                        problems ->
                                assertThat(problems).contains("folder.yaml: is a folder with the name of a job file"),
                        problems -> assertThat(problems).isEqualTo("[]"),
                        problems -> assertThat(problems).isEqualTo("[]"),
                        problems -> assertThat(problems).contains("pipe.yaml: is a pipe, a socket or a device"));
    }

    @Test
    void namesTheJobs() throws IOException {
        write("b", "");
        write("a", "");
        Files.writeString(folder.resolve("notes.txt"), "");
        Files.createDirectory(folder.resolve("c.yaml"));

        assertThat(new JobFiles(folder).names()).containsExactly("a", "b");
        assertThat(SHIPPED.names()).containsExactly("notebook", "predict", "train");
    }

    @Test
    void readsTheShippedPrediction() {
        JobFile file = SHIPPED.parse("predict", BuiltInStepTypes.all());
        assertThat(file.description()).isEqualTo("Categorise the receipt lines up to a day");
        assertThat(file.parameters())
                .containsExactly(Map.entry("date", new ParameterDeclaration(ParameterType.DATE, "yesterday", null)));
        assertThat(file.steps()).containsExactly("extract", "infer", "load");

        JobSpec job = file.resolve(Map.of(), CLOCK);
        assertThat(job.parameters())
                .containsExactly(Map.entry("date", new ParameterValue(ParameterType.DATE, LocalDate.of(2026, 3, 31))));
        assertThat(job.steps())
                .containsExactly(
                        new StepSpec(
                                "extract",
                                "extract",
                                new ExtractOptions(
                                        "SELECT line_id, text FROM shop.receipt_lines WHERE purchased_on <= @date",
                                        "line_id",
                                        4,
                                        null),
                                6),
                        new StepSpec(
                                "infer",
                                "infer",
                                new InferOptions(
                                        "gs://receipts-ml/models/categories@latest",
                                        null,
                                        Task.TEXT_CLASSIFICATION,
                                        "text",
                                        null,
                                        null,
                                        "gs://receipts-ml/predictions/2026-03-31",
                                        ResultOptions.Format.PARQUET,
                                        null,
                                        TokenAggregation.SIMPLE,
                                        TextModelOptions.LongText.TRUNCATE,
                                        null,
                                        null,
                                        null,
                                        InferOptions.DtypeChoice.FLOAT32,
                                        "auto",
                                        null,
                                        null),
                                10),
                        new StepSpec(
                                "load",
                                "load",
                                new LoadOptions("shop.receipt_categories", TableLoad.Mode.REPLACE, null),
                                16));
    }

    @Test
    void readsTheShippedTraining() {
        JobSpec job = SHIPPED.parse("train", BuiltInStepTypes.all()).resolve(Map.of(), CLOCK);

        assertThat(job.parameters()).isEmpty();
        assertThat(job.steps()).extracting(StepSpec::type).containsExactly("extract", "train", "evaluate", "publish");
        TrainOptions train = (TrainOptions) job.steps().get(1).options();
        assertThat(train.schedule().learningRate()).isEqualTo(5e-4);
        assertThat(train.loop().perDeviceTrainBatchSize()).isEqualTo(16);
        assertThat(job.steps().get(2).options()).isEqualTo(new EvaluateOptions());
        assertThat(job.steps().get(3).options())
                .isEqualTo(new PublishOptions("gs://receipts-ml/models/categories", Map.of(Metric.ACCURACY, 0.9)));
    }

    @Test
    void saysWhichJobsThereAre() {
        assertThatThrownBy(() -> SHIPPED.parse("trian", BuiltInStepTypes.all()))
                .isInstanceOf(JobFileException.class)
                .hasMessage("../job-configs: no job 'trian'; did you mean 'train'? Jobs: notebook, predict, train");
        assertThatThrownBy(() -> SHIPPED.parse("../job-configs/train", BuiltInStepTypes.all()))
                .hasMessage(
                        "../job-configs: no job '../job-configs/train'; did you mean 'train'? Jobs: notebook, predict, train");
        assertThatThrownBy(() -> new JobFiles(folder).parse("train", BuiltInStepTypes.all()))
                .hasMessage(folder + ": no job 'train'; there is no NAME.yaml in it");
        assertThatThrownBy(() -> new JobFiles(folder.resolve("x")).parse("train", BuiltInStepTypes.all()))
                .hasMessage(folder.resolve("x")
                        + ": is not a folder; it should hold the job files. The verb 'init' writes a sample");
    }

    @Test
    void wantsNamesThatOtherSystemsTake() throws IOException {
        write("Train_2", "steps: []");

        assertThatThrownBy(() -> new JobFiles(folder).parse("Train_2", BuiltInStepTypes.all()))
                .hasMessage(folder.resolve("Train_2.yaml")
                        + ": the name of a job file has only a-z, 0-9 and - (not at the ends), at most 52 characters, and ends in .yaml;"
                        + " rename it, for instance to train-2.yaml");
    }

    /** None hides another, and none is left out without a word. */
    @Test
    void readsEveryFileThatIsMeantToBeAJob() throws IOException {
        write("good", "steps: [{ extract: { query: SELECT 1 AS id, key: id } }]");
        write("broken", "steps: []");
        write("日本", "");
        write(".hidden", "");
        Files.writeString(folder.resolve("foo.yml"), "");
        Files.writeString(folder.resolve("Bar.YAML"), "");
        Files.write(folder.resolve("latin.yaml"), new byte[] {'a', ':', (byte) 0xE3});
        Files.createSymbolicLink(folder.resolve("gone.yaml"), folder.resolve("nowhere"));

        Map<String, String> read = new TreeMap<>();
        new JobFiles(folder)
                .read(BuiltInStepTypes.all())
                .forEach(file -> read.put(file.name(), file.problems().toString()));

        assertThat(read)
                .containsOnlyKeys("Bar", "broken", "foo", "gone", "good", "latin", "日本")
                .containsEntry("good", "[]");
        assertThat(read.get("foo")).contains("foo.yml", "rename it, for instance to foo.yaml");
        assertThat(read.get("Bar")).contains("Bar.YAML", "rename it, for instance to bar.yaml");
        assertThat(read.get("日本")).contains("日本.yaml", "rename it").doesNotContain("for instance");
        assertThat(read.get("latin")).contains("latin.yaml", "not UTF-8");
        assertThat(read.get("gone")).contains("gone.yaml", "cannot be read");
        assertThat(read.get("broken")).contains("broken.yaml", "is empty");
        assertThatThrownBy(() -> new JobFiles(folder).parse("foo", BuiltInStepTypes.all()))
                .hasMessageContaining("foo.yml: the name of a job file");
    }

    @Test
    void refusesWhatIsNoText() throws IOException {
        Files.write(
                folder.resolve("latin.yaml"), "steps: []\ndescription: Prüfen\n".getBytes(StandardCharsets.ISO_8859_1));
        write("control", "steps: []\ndescription: a\u0007\n");
        write("large", "# " + "x".repeat(1 << 20));
        Files.write(folder.resolve("cut.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE3, (byte) 0x81});

        assertRefused("latin", ":2:16: is not UTF-8 from here on; save the file as UTF-8");
        assertRefused("cut", ":1:4: is not UTF-8 from here on; save the file as UTF-8");
        assertRefused("control", ":2:15: the character U+0007 is not allowed in YAML");
        assertRefused("large", ": is larger than 1 MiB, the limit of a job file");
    }

    @Test
    void readsAByteOrderMarkAndWindowsLines() throws IOException {
        write("a", "\uFEFFdescription: x\r\nsteps:\r\n  - extract: { query: SELECT 1, key: a }\r\n");

        assertThat(new JobFiles(folder)
                        .parse("a", BuiltInStepTypes.all())
                        .resolve(Map.of(), CLOCK)
                        .steps())
                .containsExactly(new StepSpec("extract", "extract", new ExtractOptions("SELECT 1", "a", 1, null), 3));
    }

    @Test
    void readsEverythingElseThatAJobCanSay() throws IOException {
        write("full", """
                schedule: { cron: "*/15 3,4-6 1-31/2 JAN 1-5", zone: Asia/Tokyo }
                resources: { cpu: 0.5, memory: 16Gi, gpu: { type: nvidia-l4 }, spot: true }
                steps:
                  - extract: { query: SELECT 1, key: no, name: rows-1 }
                  - infer:
                      model: models/base
                      task: text-classification
                      text: 010
                      to: gs://bucket/x
                      block: { rows: 100 }
                """);

        JobSpec job = new JobFiles(folder).parse("full", BuiltInStepTypes.all()).resolve(Map.of(), CLOCK);
        assertThat(job.schedule()).hasToString("Schedule[cron=*/15 3,4-6 1-31/2 JAN 1-5, zone=Asia/Tokyo]");
        assertThat(job.resources())
                .hasToString(
                        "Resources[cpu=0.5, memory=16Gi, gpu=Gpu[type=nvidia-l4, count=1], spot=Spot[fallbackAfter=null]]");
        assertThat(job.steps().get(0))
                .isEqualTo(new StepSpec("rows-1", "extract", new ExtractOptions("SELECT 1", "no", 1, null), 4));
        InferOptions infer = (InferOptions) job.steps().get(1).options();
        assertThat(infer.text()).isEqualTo("010");
        assertThat(infer.block()).isEqualTo(new ResultOptions.BlockOptions(100));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "none", textBlock = """
            cpu: 1                        | none
            spot: false                   | none
            spot: true                    | Spot[fallbackAfter=null]
            spot: { fallback-after: 5 }   | Spot[fallbackAfter=5]
            """)
    void readsWhetherMachinesMayBeTakenAway(String resources, @Nullable String spot) throws IOException {
        write("spot", "resources: { " + resources + " }\nsteps: [{ extract: { query: SELECT 1, key: k } }]\n");

        assertThat(new JobFiles(folder).parse("spot", BuiltInStepTypes.all()).resources())
                .extracting(all -> Objects.toString(all.spot(), null))
                .isEqualTo(spot);
    }

    private void assertRefused(String name, String problem) {
        assertThatThrownBy(() -> new JobFiles(folder).parse(name, BuiltInStepTypes.all()))
                .isInstanceOf(JobFileException.class)
                .hasMessage(folder.resolve(name + ".yaml") + problem);
    }

    private void write(String name, String text) throws IOException {
        Files.writeString(folder.resolve(name + ".yaml"), text);
    }
}
