package io.modelbatch.jobspec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.launch.BuiltInStepTypes;
import io.modelbatch.warehouse.ExtractOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From what was typed to typed values, and into the texts of the steps. */
class ParametersTest {
    /** In Tokyo it is already the next day. */
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-03-31T20:00:00Z"), ZoneOffset.UTC);

    private static final String STEPS = """
            steps:
              - extract: { query: SELECT 1, key: a }
            """;

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "string, '', ''",
        "string, ' ${x} ', ' ${x} '",
        "int64, -9223372036854775808, -9223372036854775808",
        "int64, 007, 7",
        "float64, 5e-4, 0.0005",
        "float64, 0.00050, 0.0005",
        "float64, -0, 0",
        "float64, 3, 3",
        "float64, 1e22, 10000000000000000000000",
        "bool, true, true",
        "date, 2024-02-29, 2024-02-29",
        "date, today, 2026-03-31",
        "date, yesterday, 2026-03-30",
        "timestamp, 2026-03-31T09:30:00+09:00, 2026-03-31T00:30:00Z",
        "timestamp, 2026-03-31T00:30:00.000Z, 2026-03-31T00:30:00Z",
        "timestamp, 2026-03-31T00:30:00.123456Z, 2026-03-31T00:30:00.123456Z"
    })
    void convertsByType(String type, String typed, String text) throws IOException {
        ParameterValue value =
                resolve("{ p: { type: " + type + " } }", Map.of("p", typed)).get("p");

        assertThat(value.text()).isEqualTo(text);
        assertThat(value.value()).isInstanceOf(javaType(value.type()));
    }

    private static Class<?> javaType(ParameterType type) {
        return switch (type) {
            case STRING -> String.class;
            case INT64 -> Long.class;
            case FLOAT64 -> Double.class;
            case BOOL -> Boolean.class;
            case DATE -> LocalDate.class;
            case TIMESTAMP -> Instant.class;
        };
    }

    @ParameterizedTest
    @CsvSource({
        "int64, 9223372036854775808, a whole number of 64 bits",
        "int64, 1.0, a whole number of 64 bits",
        "int64, '', a whole number of 64 bits",
        "int64, 1_000, a whole number of 64 bits",
        "float64, NaN, a number",
        "float64, 1e999, a number",
        "float64, 0x1p3, a number",
        "bool, TRUE, true or false",
        "date, 2026-02-29, 'a date, such as 2026-03-31, today or yesterday'",
        "date, 2026-3-1, 'a date, such as 2026-03-31, today or yesterday'",
        "date, 0000-01-01, 'a date, such as 2026-03-31, today or yesterday'"
    })
    void refusesWhatIsNotOfTheType(String type, String typed, String wanted) {
        assertThatThrownBy(() -> resolve("{ p: { type: " + type + " } }", Map.of("p", typed)))
                .isInstanceOf(JobFileException.class)
                .hasMessage("command line: p: must be " + wanted + ", not '" + typed + "'");
    }

    @Test
    void refusesMomentsWithoutOffsetAndFinerThanBigQueryKeeps() {
        for (String typed :
                new String[] {"2026-03-31T00:30:00", "2026-03-31T00:30:00.1234567Z", "2026-13-31T00:30:00Z"}) {
            assertThatThrownBy(() -> resolve("{ p: { type: timestamp } }", Map.of("p", typed)))
                    .hasMessageStartingWith("command line: p: must be a moment to the microsecond with its offset");
        }
    }

    @Test
    void refusesTextsThatNoRepositoryKeeps() {
        assertThatThrownBy(() -> resolve("{ p: { type: string } }", Map.of("p", "x".repeat(2001))))
                .hasMessageStartingWith(
                        "command line: p: must be a text of at most 2000 characters in UTF-8, not 'xxx");
        assertThatThrownBy(() -> resolve("{ p: { type: string } }", Map.of("p", "\uFFFD\uFFFD")))
                .hasMessageStartingWith("command line: p: must be a text of at most 2000 characters in UTF-8, not '");
    }

    @Test
    void reportsAllProblemsOfACommandLineAtOnce() {
        String parameters =
                "{ date: { type: date }, region: { type: string, description: where }, n: { type: int64 } }";
        Map<String, String> given = new java.util.LinkedHashMap<>();
        given.put("dat", "today");
        given.put("n", "many");

        assertThatThrownBy(() -> resolve(parameters, given)).hasMessage("""
                        command line: dat: no such parameter; did you mean 'date'? The job has: date, region, n
                        command line: date: is missing; give date=…, a date, such as 2026-03-31, today or yesterday
                        command line: region: is missing; give region=…, a text of at most 2000 characters in UTF-8 (where)
                        command line: n: must be a whole number of 64 bits, not 'many'""");
        assertThatThrownBy(() -> resolve("{}", Map.of("a", "b")))
                .hasMessage("command line: a: no such parameter; the job has none");
    }

    @Test
    void todayIsTheDayInTheZoneOfTheSchedule() throws IOException {
        String scheduled = "schedule: { cron: 0 0 * * *, zone: Asia/Tokyo }\n"
                + "parameters: { day: { type: date, default: today } }\n" + STEPS;

        assertThat(job(scheduled)
                        .resolve(Map.of(), CLOCK)
                        .parameters()
                        .get("day")
                        .text())
                .isEqualTo("2026-04-01");
        assertThat(resolve("{ day: { type: date, default: today } }", Map.of())
                        .get("day")
                        .text())
                .isEqualTo("2026-03-31");
    }

    @Test
    void keepsTheOrderOfTheFile() throws IOException {
        String parameters = "{ z: { type: int64, default: 1 }, a: { type: int64, default: 2 }, m: { type: int64 } }";

        assertThat(resolve(parameters, Map.of("m", "3"))).containsOnlyKeys("z", "a", "m");
        assertThat(resolve(parameters, Map.of("m", "3")).keySet()).containsExactly("z", "a", "m");
    }

    @Test
    void replacesNamesByTextOnceAndNeverEvaluates() throws IOException {
        JobFile job = job("""
                parameters: { a: { type: string }, b: { type: float64, default: 5e-4 } }
                steps:
                  - extract: { query: "SELECT '$${a}', @a", key: "${a}$${a}$a$" }
                  - infer: { model: "${a}", task: text-classification, text: "${a}${b}", to: "gs://bucket/${b}" }
                """);

        JobSpec spec = job.resolve(Map.of("a", "${b}$1\\{#{1+1}}"), CLOCK);
        assertThat(spec.steps().get(0).options())
                .isEqualTo(new ExtractOptions("SELECT '${a}', @a", "${b}$1\\{#{1+1}}${a}$a$", 1, null));
        InferOptions infer = (InferOptions) spec.steps().get(1).options();
        assertThat(infer.text()).isEqualTo("${b}$1\\{#{1+1}}0.0005");
        assertThat(infer.to()).isEqualTo("gs://bucket/0.0005");
    }

    @Test
    void checksTextsAgainWithTheirValues() throws IOException {
        JobFile job = job("""
                parameters: { where: { type: string } }
                steps:
                  - extract: { query: SELECT 1, key: "${where}" }
                  - infer: { model: m, task: text-classification, text: t, to: "gs://bucket/${where}/x" }
                """);

        assertThatThrownBy(() -> job.resolve(Map.of("where", ".."), CLOCK))
                .hasMessage(
                        folder.resolve("job.yaml") + ":4:64: steps[1].infer.to: must be gs://bucket/folder, with names"
                                + " that Cloud Storage allows, not 'gs://bucket/../x' (written as 'gs://bucket/${where}/x')");
        assertThatThrownBy(() -> job.resolve(Map.of("where", ""), CLOCK))
                .hasMessageContaining("steps[0].extract.key: must not be blank (written as '${where}')")
                .hasMessageContaining("not 'gs://bucket//x'");
        assertThatThrownBy(() -> job.resolve(Map.of("where", "/a".repeat(900)), CLOCK))
                .isInstanceOf(JobFileException.class);
    }

    /** Each with its type, in whatever quotes, and where the file is read with the value that fits its key. */
    @Test
    void standsForNumbersAndBooleans() throws IOException {
        JobFile job = job("""
                parameters:
                  parts: { type: int64 }
                  rate: { type: float64, default: 5e-4 }
                  decay: { type: int64, default: 1 }
                  most: { type: int64, default: 007 }
                  least: { type: float64 }
                  over: { type: bool }
                steps:
                  - extract: { query: SELECT 1, key: k, partitions: "${parts}" }
                  - infer:
                      model: m
                      task: text-classification
                      text: t
                      to: gs://bucket/${parts}
                      max-length: ${most}
                      rejects: { share: '${rate}' }
                  - train:
                      model: m
                      task: text-classification
                      text: t
                      label: l
                      learning-rate: ${rate}
                      weight-decay: ${decay}
                  - evaluate:
                  - publish: { to: gs://bucket/models, require: { accuracy: "${least}" } }
                  - upload: { from: a, to: gs://bucket/a, overwrite: "${over}" }
                """);

        JobSpec spec = job.resolve(Map.of("parts", "8", "least", ".9", "over", "true"), CLOCK);

        assertThat(spec.settings())
                .containsEntry("extract.partitions", "8")
                .containsEntry("infer.max-length", "7")
                .containsEntry("infer.rejects.share", "0.0005")
                .containsEntry("train.learning-rate", "5.0E-4")
                .containsEntry("train.weight-decay", "1.0")
                .containsEntry("publish.require.ACCURACY", "0.9")
                .containsEntry("upload.overwrite", "true");
        assertThatThrownBy(() -> job.resolve(Map.of("parts", "0", "least", "2", "over", "false"), CLOCK))
                .hasMessage(
                        folder.resolve("job.yaml")
                                + ":9:53: steps[0].extract.partitions: must be from 1 to 1000, not 0 (the value of 'parts')\n"
                                + folder.resolve("job.yaml")
                                + ":25:61: steps[4].publish.require.accuracy: must be from 0 to 1, not 2 (the value of 'least')");
        assertThatThrownBy(() -> job.resolve(Map.of("parts", "8.5", "least", "1", "over", "false"), CLOCK))
                .hasMessageContaining("parts: must be a whole number of 64 bits, not '8.5'");
    }

    /** Values may come from others than the author of the job. */
    @Test
    void aValueDoesNotLeadOutOfTheFolderThatTheFileNames() throws IOException {
        JobFile job = job("""
                parameters: { p: { type: string } }
                steps:
                  - download: { from: gs://bucket/x, to: "inputs/${p}" }
                  - upload: { from: "/srv/out/${p}/x", to: gs://bucket/y }
                  - upload: { name: all, from: "${p}", to: gs://bucket/z }
                """);

        assertThat(job.resolve(Map.of("p", "a/../b"), CLOCK).steps()).hasSize(3);
        for (String outside : List.of("../x", "a/../../x", "../inputs2/x", "..")) {
            assertThatThrownBy(() -> job.resolve(Map.of("p", outside), CLOCK))
                    .as(outside)
                    .hasMessageContaining("steps[0].download.to: must stay below inputs/, and 'inputs/" + outside
                            + "' does not (written as 'inputs/${p}')");
        }
        assertThatThrownBy(() -> job.resolve(Map.of("p", "../.."), CLOCK))
                .hasMessageContaining("steps[1].upload.from: must stay below /srv/out/");
    }

    private Map<String, ParameterValue> resolve(String parameters, Map<String, String> given) throws IOException {
        return job("parameters: " + parameters + "\n" + STEPS)
                .resolve(given, CLOCK)
                .parameters();
    }

    private JobFile job(String text) throws IOException {
        Files.writeString(folder.resolve("job.yaml"), text);
        return new JobFiles(folder).parse("job", BuiltInStepTypes.all());
    }
}
