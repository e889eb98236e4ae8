package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.yaml.Problem;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The schema against a validator that nobody here wrote, which reads YAML 1.2 as editors do. */
class JobSchemaTest {
    private static final Path BROKEN = Path.of("src/test/resources/jobspec/broken");
    private static final Schema SCHEMA = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(JobSchema.json(BuiltInStepTypes.all()));

    @Test
    void isASchemaItself() throws IOException {
        Schema meta = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
                .getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));

        assertThat(meta.validate(JobSchema.json(BuiltInStepTypes.all()), InputFormat.JSON))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"train", "predict", "notebook"})
    void acceptsTheShippedJobs(String name) throws IOException {
        assertThat(errors(Files.readString(Path.of("../job-configs", name + ".yaml"))))
                .isEmpty();
    }

    @Test
    void acceptsWhatTheReaderAccepts() throws IOException {
        assertThat(errors("""
                        schedule: { cron: "15 3 * * *", zone: Asia/Tokyo }
                        resources: { cpu: 4, memory: 16Gi, gpu: { type: nvidia-l4, count: 1 }, spot: true }
                        parameters:
                          n: { type: int64, default: 5 }
                          bucket: { type: string }
                        steps:
                          - extract: { query: "SELECT '$${n}', @n", key: no, name: rows }
                          - infer: { model: "${bucket}", task: text-classification, text: t, to: "${bucket}/x" }
                          - train: { model: m, task: text-classification, text: t, label: l, seed: "${n}", max-length: 8 }
                          - evaluate:
                          - publish: { to: gs://bucket/x, require: { f1-macro: 0.5 } }
                        """)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"true", "false", "{ fallback-after: 5 }"})
    void acceptsWhetherMachinesMayBeTakenAway(String spot) {
        assertThat(errors("resources: { spot: " + spot + " }\nsteps: [{ extract: { query: SELECT 1, key: k } }]"))
                .isEmpty();
    }

    /** The rules that only the reader can know, such as names of time zones, are listed. */
    @ParameterizedTest
    @CsvSource({
        "unknown-keys, none",
        "wrong-types, none",
        "out-of-range, 'schedule.zone steps[2].train.adam-epsilon steps[2].train.per-device-train-batch-size'",
        "missing, none",
        "parameters, 'parameters.day.default parameters.n.default parameters.x.default parameters.on.default"
                + " parameters.at.default parameters.job'"
    })
    void findsWhatTheReaderFinds(String name, String readerOnly) throws IOException {
        JobFileException refused = catchThrowableOfType(
                JobFileException.class, () -> new JobFiles(BROKEN).parse(name, BuiltInStepTypes.all()));
        Set<String> reader = refused.problems().stream()
                .map(JobSchemaTest::place)
                .filter(place -> !List.of(readerOnly.split(" ")).contains(place))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(new TreeSet<>(errors(Files.readString(BROKEN.resolve(name + ".yaml")))))
                .isEqualTo(reader);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a-list",
                "a-text",
                "no-steps",
                "spot-as-list",
                "spot-without-value",
                "steps-as-groups",
                "steps-missing",
                "steps-not-indented",
                "unknown-steps"
            })
    void refusesOtherShapes(String name) throws IOException {
        assertThat(errors(Files.readString(BROKEN.resolve(name + ".yaml")))).isNotEmpty();
    }

    @Test
    void refusesTextsThatAreNotOneReferenceInThePlaceOfNumbers() {
        String job = "steps: [{ extract: { query: SELECT 1, key: k, partitions: \"%s\" } }]";

        assertThat(errors(job.formatted("${n}"))).isEmpty();
        assertThat(errors(job.formatted("${n}0"))).containsExactly("steps[0].extract.partitions");
        assertThat(errors(job.formatted("8"))).containsExactly("steps[0].extract.partitions");
    }

    @Test
    void theMetricsOfATrainingHaveTheirMeaningAndRange() {
        JsonNode metric = JsonMapper.builder()
                .build()
                .readTree(JobSchema.json(BuiltInStepTypes.all()))
                .at("/properties/steps/items/properties/publish/properties/require/properties/accuracy");

        assertThat(metric.path("description").stringValue()).isEqualTo("share of the rows that are labelled correctly");
        assertThat(metric.path("minimum").intValue()).isZero();
        assertThat(metric.path("maximum").intValue()).isEqualTo(1);
    }

    @Test
    void refusesReferencesInQueries() {
        assertThat(errors("steps: [{ extract: { query: \"SELECT ${a}\", key: k } }]"))
                .containsExactly("steps[0].extract.query");
    }

    /** A validator reports a wrong key where its group is. */
    private static String place(Problem problem) {
        boolean aboutKey =
                problem.message().startsWith("unknown key") || problem.message().startsWith("must be named");
        return aboutKey ? problem.path().replaceFirst("\\.?[^.]+$", "") : problem.path();
    }

    private static List<String> errors(String yaml) {
        return SCHEMA.validate(yaml, InputFormat.YAML).stream()
                .map(error -> error.getInstanceLocation().toString())
                .map(path -> path.replaceAll("/(\\d+)(?=/|$)", "[$1]")
                        .replace('/', '.')
                        .replaceFirst("^\\.", ""))
                .toList();
    }
}
