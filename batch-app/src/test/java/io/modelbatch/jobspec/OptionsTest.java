package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.extension.StepType;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.inference.TokenAggregation;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.model.AddressPattern;
import io.modelbatch.model.Task;
import io.modelbatch.result.ResultOptions;
import io.modelbatch.store.DownloadOptions;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.UploadOptions;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.training.LoopOptions;
import io.modelbatch.training.PublishOptions;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.DataOptions;
import io.modelbatch.training.objective.LearnedTask;
import io.modelbatch.training.objective.Metric;
import io.modelbatch.training.optimizer.OptimizerOptions;
import io.modelbatch.training.optimizer.ScheduleOptions;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.LoadOptions;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlPosition;
import jakarta.validation.Constraint;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** Every key of every step, and what its absence means. Whoever changes one changes what job files mean. */
class OptionsTest {
    @Test
    void extract() {
        assertThat(keys(ExtractOptions.class))
                .containsExactlyEntriesOf(
                        inOrder("query", "required", "key", "required", "partitions", "1", "max-bytes", "optional"));
        assertThat(bind(ExtractOptions.class, "{ query: q, key: k }")).isEqualTo(new ExtractOptions("q", "k", 1, null));
    }

    @Test
    void infer() {
        assertThat(keys(InferOptions.class))
                .containsExactlyEntriesOf(inOrder(
                        "model", "required",
                        "trusted-sha256", "optional",
                        "task", "required",
                        "text", "required",
                        "text-pair", "optional",
                        "max-length", "optional",
                        "to", "required",
                        "format", "parquet",
                        "top-k", "optional",
                        "aggregation", "simple",
                        "long-text", "truncate",
                        "redact", "optional",
                        "prompt", "optional",
                        "prompt-name", "optional",
                        "dtype", "float32",
                        "device", "auto",
                        "rejects", "optional",
                        "block", "optional"));
        assertThat(keys(ResultOptions.Rejects.class))
                .containsExactlyEntriesOf(inOrder("max", "optional", "share", "optional"));
        assertThat(keys(ResultOptions.BlockOptions.class)).containsExactlyEntriesOf(inOrder("rows", "required"));
        assertThat(bind(InferOptions.class, "{ model: m, task: text-classification, text: t, to: gs://bucket/x }"))
                .isEqualTo(new InferOptions(
                        "m",
                        null,
                        Task.TEXT_CLASSIFICATION,
                        "t",
                        null,
                        null,
                        "gs://bucket/x",
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
                        null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "; 3; 1",
                "; 0; 0",
                "; 1000; 10",
                "; 1001; 11",
                "rejects: {}; 1000; 10",
                "rejects: { max: 0 }; 1000; 0",
                "rejects: { max: 100 }; 1000; 100",
                "rejects: { share: 0 }; 1000; 0",
                "rejects: { share: 0.07 }; 100; 7",
                "rejects: { share: 1 }; 1000; 1000",
                "rejects: { max: 100, share: 0.2 }; 1000; 100",
                "rejects: { max: 100, share: 0.2 }; 100; 20"
            })
    void rejectsAreCappedByWhatIsLess(@Nullable String rejects, long rows, long most) {
        String yaml = "{ model: m, task: text-classification, text: t, to: gs://bucket/x"
                + (rejects == null ? "" : ", " + rejects) + " }";

        assertThat(bind(InferOptions.class, yaml).result().mostRejects(rows)).isEqualTo(most);
    }

    @Test
    void train() {
        assertThat(keys(TrainOptions.class))
                .containsExactlyEntriesOf(inOrder(
                        "model", "required",
                        "task", "required",
                        "text", "required",
                        "text-pair", "optional",
                        "label", "required",
                        "holdout", "0.1",
                        "max-length", "optional",
                        "num-train-epochs", "3",
                        "per-device-train-batch-size", "8",
                        "seed", "42",
                        "save-steps", "500",
                        "learning-rate", "5e-5",
                        "warmup-ratio", "0.0",
                        "lr-scheduler-type", "linear",
                        "weight-decay", "0.0",
                        "max-grad-norm", "1.0",
                        "adam-beta1", "0.9",
                        "adam-beta2", "0.999",
                        "adam-epsilon", "1e-8",
                        "device", "auto"));
        assertThat(bind(TrainOptions.class, "{ model: m, task: text-classification, text: t, label: l }"))
                .isEqualTo(new TrainOptions(
                        "m",
                        LearnedTask.TEXT_CLASSIFICATION,
                        new DataOptions("t", null, "l", 0.1, null),
                        new LoopOptions(3, 8, 42, 500),
                        new ScheduleOptions(5e-5, 0.0, ScheduleOptions.SchedulerType.LINEAR),
                        new OptimizerOptions(0.0, 1.0, 0.9, 0.999, 1e-8),
                        "auto"));
    }

    @Test
    void evaluate() {
        assertThat(keys(EvaluateOptions.class)).isEmpty();
        assertThat(bind(EvaluateOptions.class, "{}")).isEqualTo(new EvaluateOptions());
    }

    @Test
    void publish() {
        assertThat(keys(PublishOptions.class))
                .containsExactlyEntriesOf(inOrder("to", "required", "require", "optional"));
        assertThat(bind(PublishOptions.class, "{ to: gs://bucket/x }"))
                .isEqualTo(new PublishOptions("gs://bucket/x", Map.of()));
        assertThat(bind(PublishOptions.class, "{ to: gs://bucket/x, require: { f1-macro: 0.5 } }"))
                .isEqualTo(new PublishOptions("gs://bucket/x", Map.of(Metric.F1_MACRO, 0.5)));
    }

    @Test
    void load() {
        assertThat(keys(LoadOptions.class))
                .containsExactlyEntriesOf(inOrder("table", "required", "mode", "replace", "partition", "optional"));
        assertThat(bind(LoadOptions.class, "{ table: a.b }"))
                .isEqualTo(new LoadOptions("a.b", TableLoad.Mode.REPLACE, null));
        assertThat(bind(LoadOptions.class, "{ table: a.b, mode: append }"))
                .isEqualTo(new LoadOptions("a.b", TableLoad.Mode.APPEND, null));
        assertThat(bind(LoadOptions.class, "{ table: a.b, partition: 2026-03-31 }")
                        .target())
                .isEqualTo(new TableLoad.Target("a.b", LocalDate.of(2026, 3, 31), TableLoad.Mode.REPLACE));
        assertThatThrownBy(new LoadOptions("a.b", TableLoad.Mode.APPEND, "2026-02-30")::target)
                .hasMessageContaining("2026-02-30");
    }

    @Test
    void upload() {
        assertThat(keys(UploadOptions.class))
                .containsExactlyEntriesOf(inOrder("from", "required", "to", "required", "overwrite", "false"));
        assertThat(bind(UploadOptions.class, "{ from: reports/, to: gs://bucket/x }"))
                .isEqualTo(new UploadOptions("reports/", "gs://bucket/x", false));
    }

    @Test
    void download() {
        assertThat(keys(DownloadOptions.class)).containsExactlyEntriesOf(inOrder("from", "required", "to", "required"));
        assertThat(bind(DownloadOptions.class, "{ from: gs://bucket/x, to: inputs/ }"))
                .isEqualTo(new DownloadOptions("gs://bucket/x", "inputs/"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gs://bucket/x", "s3://bucket/x", "https://host/x", " ", ""})
    void whatIsNoFileOfThisMachineDoesNotPass(String path) {
        assertThat(path).doesNotMatch(ObjectUri.LOCAL_PATTERN);
    }

    @Test
    void enumsAreWrittenAsTheirPeersWriteThem() {
        assertThat(EnumNames.of(ScheduleOptions.SchedulerType.class))
                .containsExactly("linear", "constant", "constant_with_warmup");
        assertThat(EnumNames.of(Task.class))
                .containsExactly("text-classification", "token-classification", "feature-extraction");
        assertThat(EnumNames.of(InferOptions.DtypeChoice.class))
                .containsExactly("float32", "bfloat16", "float16", "int8", "auto");
        assertThat(EnumNames.of(ResultOptions.Format.class)).containsExactly("parquet", "jsonl");
        assertThat(EnumNames.of(Metric.class)).containsExactly("accuracy", "f1-macro");
        assertThat(EnumNames.of(ParameterType.class))
                .containsExactly("string", "int64", "float64", "bool", "date", "timestamp");
    }

    static Stream<Class<?>> records() {
        return Stream.concat(
                BuiltInStepTypes.all().all().stream().map(StepType::options),
                Stream.of(
                        ResultOptions.BlockOptions.class,
                        ResultOptions.Rejects.class,
                        JobDocument.class,
                        ParameterDeclaration.class,
                        ReportOptions.class,
                        Schedule.class,
                        Resources.class,
                        Resources.Gpu.class,
                        StepName.class));
    }

    @ParameterizedTest
    @MethodSource("records")
    void everyKeyIsDescribedAndEveryConstraintIsOneThatIsChecked(Class<?> type) {
        List<Class<? extends Annotation>> checked =
                List.of(Min.class, Max.class, DecimalMin.class, DecimalMax.class, Pattern.class, NotBlank.class);
        for (Component component : Component.of(type)) {
            assertThat(component.description()).as(component.key()).isNotBlank();
            assertThat(constraints(component.type())).as(component.key()).isSubsetOf(checked);
        }
    }

    private static List<Class<? extends Annotation>> constraints(AnnotatedType type) {
        Stream<Annotation> inside = type instanceof AnnotatedParameterizedType parameterized
                ? Arrays.stream(parameterized.getAnnotatedActualTypeArguments())
                        .flatMap(argument -> Arrays.stream(argument.getAnnotations()))
                : Stream.empty();
        return Stream.concat(Arrays.stream(type.getAnnotations()), inside)
                .<Class<? extends Annotation>>map(Annotation::annotationType)
                .filter(annotation -> annotation.isAnnotationPresent(Constraint.class))
                .toList();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs://bucket/x",
                "gs://bucket/x/",
                "gs://b0/a.b/..c/日本",
                "gs://a-b_c.d/x@latest",
                "gs://bucket/x y"
            })
    void addressesThatPassCanBeRead(String address) {
        assertThat(address).matches(AddressPattern.BUCKET_FOLDER).matches(AddressPattern.MODEL);
        assertThat(ObjectUri.parse(address).name()).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "gs://bucket",
                "gs://bucket/",
                "gs://bucket//x",
                "gs://bucket/./x",
                "gs://bucket/x/..",
                "gs://Bucket/x",
                "gs://bucket/x\n",
                "gs:/bucket/x",
                "s3://bucket/x",
                ""
            })
    void addressesThatCannotBeReadDoNotPass(String address) {
        assertThat(address).doesNotMatch(AddressPattern.BUCKET_FOLDER).doesNotMatch(AddressPattern.MODEL);
    }

    private static Map<String, String> keys(Class<?> type) {
        Map<String, String> keys = new LinkedHashMap<>();
        Component.of(type)
                .forEach(component -> keys.put(
                        component.key(),
                        component.required()
                                ? "required"
                                : component.defaultText().orElse("optional")));
        return keys;
    }

    private static Map<String, String> inOrder(String... pairs) {
        Map<String, String> map = new LinkedHashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            map.put(pairs[i], pairs[i + 1]);
        }
        return map;
    }

    private static <R> R bind(Class<R> type, String yaml) {
        Problems problems = new Problems("test");
        YamlPosition place = YamlPosition.root(new Yaml().compose(new java.io.StringReader(yaml)));
        R bound = new Binder(problems, key -> Interpolation.replaced(Map.of()))
                .bind(type, place)
                .orElse(null);
        JobFileException.throwIfAny(problems);
        return bound;
    }
}
