package io.modelbatch;

import static io.modelbatch.SmallShop.PREDICT_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Runs, and what the verbs say of them. */
class RunsTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = SmallShop.open(folder);
    }

    @Test
    void aCompleteRunIsReportedAndNotComputedAgain() throws IOException {
        Ended first = shop.run("job=predict", "day=2026-01-02");
        List<Path> shards = files("results/2026-01-02");
        Ended second = shop.run("job=predict", "day=2026-01-02");

        assertThat(first.exit()).as(first.words()).isZero();
        assertThat(second.exit()).as(second.words()).isZero();
        assertThat(second.output()).contains("is complete already").doesNotContain("step-started");
        assertThat(files("results/2026-01-02")).isEqualTo(shards);
    }

    @Test
    void againMakesANewRunWhoseResultReplacesTheOld() throws IOException {
        shop.run("job=predict", "day=2026-01-02");
        List<Path> before = files("results/2026-01-02");
        shop.table("shop.lines", "id,text,day\n9,milk,2026-01-01\n");

        Ended again = shop.run("job=predict", "day=2026-01-02", "again=true");

        assertThat(again.exit()).as(again.words()).isZero();
        assertThat(manifest("results/2026-01-02").path("rows").asLong()).isEqualTo(1);
        assertThat(files("results/2026-01-02")).hasSize(2).doesNotContainAnyElementsOf(shards(before));
    }

    @Test
    void otherParametersAreAnotherRun() throws IOException {
        shop.run("job=predict", "day=2026-01-02");
        Ended other = shop.run("job=predict", "day=2026-01-01");

        assertThat(other.output()).contains("run-started");
        assertThat(manifest("results/2026-01-01").path("rows").asLong()).isEqualTo(2);
        assertThat(manifest("results/2026-01-02").path("rows").asLong()).isEqualTo(3);
    }

    @Test
    void aJobWithoutParametersStartsANewRunEachTime() {
        shop.job(
                "always",
                PREDICT_DAY
                        .replace("parameters:\n  day: { type: date }\n", "")
                        .replace(" WHERE day <= @day", "")
                        .replace("${day}", "always"));

        assertThat(shop.run("job=always").output()).contains("run-started");
        assertThat(shop.run("job=always").output()).contains("run-started", "step-started");
    }

    @Test
    void aManifestListsWhatIsThereThoughAnotherResultLiesAboveIt() throws IOException {
        String infer = PREDICT_DAY.substring(PREDICT_DAY.indexOf("  - infer"), PREDICT_DAY.indexOf("  - load"));
        String inner = infer.replace("results/${day}", "results/nest/inner");
        String above =
                infer.replace("infer:\n", "infer:\n      name: above\n").replace("results/${day}", "results/nest");
        shop.job("predict", PREDICT_DAY.replace(infer, inner + above));

        Ended ended = shop.run("job=predict", "day=2026-01-02");

        assertThat(ended.exit()).as(ended.words()).isZero();
        for (JsonNode shard : manifest("results/nest/inner").path("shards")) {
            assertThat(shop.bucket("results/nest/inner/" + shard.path("name").stringValue()))
                    .isRegularFile();
        }
    }

    @Test
    void twoResultsInOneFolderAreRefused() {
        String infer = PREDICT_DAY.substring(PREDICT_DAY.indexOf("  - infer"), PREDICT_DAY.indexOf("  - load"));
        shop.job(
                "predict",
                PREDICT_DAY.replace(infer, infer + infer.replace("infer:\n", "infer:\n      name: second\n")));

        Ended ended = shop.run("job=predict", "day=2026-01-02");

        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(ended.errors()).contains("gs://results/", "line 6", "another 'to'");
    }

    @Test
    void whatAnotherRunWritesIsRefusedBeforeAnythingIsComputed() throws Exception {
        shop.run("job=predict", "day=2026-01-02");
        for (String target : List.of("gs://results/2026-01-01", "table shop.answers")) {
            anotherRunAtWork(target);

            Ended ended = shop.run("job=predict", "day=2026-01-01");

            assertThat(ended.exit()).as(ended.words()).isEqualTo(5);
            assertThat(ended.errors()).contains(target, "job=other", "wait=1h");
            assertThat(ended.output()).doesNotContain("step-started");
            assertThat(shop.run("job=predict", "day=2026-01-02").exit())
                    .as("a run that is complete")
                    .isZero();
        }
    }

    @Test
    void aRunClaimsNothingAnyMoreWhenItEnds() throws Exception {
        shop.run("job=predict", "day=2026-01-02");

        assertThat(query("select count(*) from MODELBATCH_CLAIM")).isEqualTo("0");
        assertThat(shop.bucket("results/2026-01-02/modelbatch.lock")).doesNotExist();
    }

    @Test
    void aCommandThatReturnedLeavesNoThread() throws Exception {
        ThreadsLeft threads = new ThreadsLeft();

        shop.run("job=predict", "day=2026-01-02");
        shop.run("check", "job=predict", "day=2026-01-02");
        shop.run("status");

        assertThat(threads.names()).isEmpty();
    }

    private void anotherRunAtWork(String target) throws Exception {
        ProcessHandle alive = ProcessHandle.current();
        query("delete from MODELBATCH_LEASE");
        query("delete from MODELBATCH_CLAIM");
        query("insert into MODELBATCH_LEASE values ('job=other', 'o', 'elsewhere', " + alive.pid()
                + ", 0, current_timestamp, current_timestamp + interval '1' hour, 'N', 1)");
        query("insert into MODELBATCH_CLAIM values ('" + target + "', 'job=other', 'o', 'N')");
    }

    private Connection repository() throws Exception {
        Path files = folder.resolve("local/repository");
        return DriverManager.getConnection(
                "jdbc:h2:file:" + files.resolve("modelbatch") + ";AUTO_SERVER=TRUE",
                "sa",
                Files.readString(files.resolve("password")).strip());
    }

    /** The first value of the first row; empty where there is none. */
    private String query(String sql) throws Exception {
        try (Connection connection = repository();
                Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            ResultSet rows = statement.getResultSet();
            return rows.next() ? rows.getString(1) : "";
        }
    }

    @Test
    void aSlashAtTheEndMakesNoOtherFolder() {
        String infer = PREDICT_DAY.substring(PREDICT_DAY.indexOf("  - infer"), PREDICT_DAY.indexOf("  - load"));
        String second =
                infer.replace("infer:\n", "infer:\n      name: second\n").replace("${day}", "${day}/");
        shop.job("predict", PREDICT_DAY.replace(infer, infer + second));

        Ended ended = shop.run("job=predict", "day=2026-01-02");

        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(ended.errors()).contains("gs://results/", "line 6", "another 'to'");
    }

    @Test
    void theSecondLoadOfATableMayOnlyAdd() {
        String second = "  - load: { name: second, table: shop.answers, mode: replace }\n";
        shop.job("predict", PREDICT_DAY + second);

        Ended ended = shop.run("job=predict", "day=2026-01-02");

        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(ended.errors()).contains("shop.answers", "line 11", "mode: append");
        shop.job("predict", PREDICT_DAY + second.replace("replace", "append"));
        assertThat(shop.run("job=predict", "day=2026-01-02").exit()).isZero();
    }

    @Test
    void statusTellsRunsAndStepsAsJson() {
        shop.run("job=predict", "day=2026-01-02");

        JsonNode run = JSON.readTree(shop.run("status", "--json").output()).path(0);

        assertThat(run.path("run").stringValue()).isEqualTo("predict-1");
        assertThat(run.path("job").stringValue()).isEqualTo("predict");
        assertThat(run.path("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(run.path("parameters").path("day").stringValue()).isEqualTo("2026-01-02");
        assertThat(run.path("started").isString()).isTrue();
        assertThat(run.path("ended").isString()).isTrue();
        JsonNode infer = run.path("steps").path(1);
        assertThat(infer.path("name").stringValue()).isEqualTo("infer");
        assertThat(infer.path("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(infer.path("rows").asLong()).isEqualTo(3);
        assertThat(infer.path("rejected").asLong()).isZero();
        assertThat(infer.path("partitions").asLong()).isEqualTo(2);
        assertThat(infer.path("restarts").asLong()).isZero();
    }

    @Test
    void springBatchsOwnCountsAreRows() throws Exception {
        shop.run("job=predict", "day=2026-01-02");

        try (var repository = repository();
                var statement = repository.createStatement();
                var counts =
                        statement.executeQuery("select STEP_NAME, READ_COUNT, WRITE_COUNT from BATCH_STEP_EXECUTION"
                                + " where STEP_NAME in ('extract', 'infer', 'load')")) {
            int steps = 0;
            while (counts.next()) {
                assertThat(counts.getLong(2)).as(counts.getString(1)).isEqualTo(3);
                assertThat(counts.getLong(3)).as(counts.getString(1)).isEqualTo(3);
                steps++;
            }
            assertThat(steps).isEqualTo(3);
        }
    }

    @Test
    void statusSaysWhyARunFailedAndWhatToTypeNext() {
        leaveUnfinished();

        String text = shop.run("status").output();
        JsonNode run = JSON.readTree(shop.run("status", "predict-1", "--json").output())
                .path(0);

        assertThat(text)
                .containsPattern("predict-1  FAILED  \\d{4}-\\d\\d-\\d\\d [\\d:]{8} \\S+ to ")
                .contains(
                        "Cause: ",
                        "gs://models/tidy",
                        "Fix the cause, then resume:\n    java -jar batch.jar job=predict day=");
        assertThat(run.path("cause").asString()).contains("gs://models/tidy");
        assertThat(run.path("exit").asInt()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(run.path("seconds").asDouble()).isPositive();
        assertThat(run.path("process").isNull()).isTrue();
        assertThat(run.path("next").path(0).path("command").asString()).startsWith("java -jar batch.jar job=predict");
        assertThat(shop.run("abandon", "predict-1").output()).doesNotContain("java");
        assertThat(shop.run("status").output()).contains("ABANDONED").doesNotContain("java");
    }

    @Test
    void statusOfANameThatIsNoneIsRefused() {
        assertThat(shop.run("status", "predict").output()).contains("No runs of predict yet");
        for (String verb : List.of("status predit", "status UNKNOWN", "status predict-7")) {
            Ended ended = shop.run(verb.split(" "));
            assertThat(ended.exit()).as(verb).isEqualTo(USAGE);
            assertThat(ended.errors()).contains("There is no job or run", "Jobs: predict");
        }
        assertThat(shop.run("status", "predit").errors()).contains("did you mean 'predict'?");
    }

    @Test
    void theReportSaysWhatAnOperatorAsksFirst() {
        shop.run("job=predict", "day=2026-01-02");

        JsonNode report = JSON.readTree(shop.run("report").output());

        assertThat(report.path("exit").asInt(-1)).isZero();
        assertThat(report.path("seconds").asDouble()).isPositive();
        assertThat(report.path("next")).isEmpty();
        assertThat(report.path("process").path("host").asString()).isNotEmpty();
        assertThat(report.path("process").path("processId").asLong())
                .isEqualTo(ProcessHandle.current().pid());
        assertThat(report.path("process").path("command").asString())
                .startsWith("java -jar batch.jar job=predict day=2026-01-02");
        JsonNode infer = report.path("steps").path(1);
        assertThat(infer.path("seconds").asDouble()).isPositive();
        assertThat(infer.path("figures").path("used-model").path("address").asString())
                .isEqualTo("gs://models/tiny");
        assertThat(infer.path("figures").path("used-model").path("sha256").asString())
                .hasSize(64);

        leaveUnfinished("2026-01-01");
        JsonNode failed = JSON.readTree(shop.run("report").output());
        assertThat(failed.path("exit").asInt()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(failed.path("next").path(0).path("command").asString()).contains("day=2026-01-01");
    }

    @Test
    void anAddressOfAJobRepositoryThatNoDriverReadsIsRefusedInWords() {
        for (String url : List.of(
                "postgresql://db:5432/x?password=canary",
                "postgres://me:canary@db/x",
                "jdbc:mysql://db/x?password=canary",
                "jdbc:postgresql://me:canary@db/x",
                "jdbc:postgresql://db:port/x")) {
            Ended ended = shop.run("status", "--spring.datasource.url=" + url);

            assertThat(ended.exit()).as(url).isEqualTo(USAGE);
            assertThat(ended.errors()).contains("spring.datasource.url ").doesNotContain("canary", "Exception");
        }
    }

    @Test
    void statusIsEmptyBeforeTheFirstRun() {
        assertThat(JSON.readTree(shop.run("status", "--json").output()).isEmpty())
                .isTrue();
        assertThat(shop.run("status").output()).contains("No runs yet");
    }

    @Test
    void theReportOfTheNewestRunIsJson() {
        shop.run("job=predict", "day=2026-01-02");

        JsonNode report = JSON.readTree(shop.run("report", "--json").output());

        assertThat(report.path("run").stringValue()).isEqualTo("predict-1");
        assertThat(report.path("steps").path(1).path("figures").path("rows").asLong())
                .isEqualTo(3);
        assertThat(shop.run("report", "predict-7").exit()).isEqualTo(USAGE);
    }

    @Test
    void listTellsTheJobs() {
        JsonNode jobs = JSON.readTree(shop.run("list", "--json").output());

        assertThat(jobs.path(0).path("job").stringValue()).isEqualTo("predict");
        assertThat(jobs.path(0).path("description").stringValue()).isEqualTo("Labels the lines");
        assertThat(shop.run("list").output()).contains("predict", "Labels the lines");
    }

    @Test
    void aBrokenJobFileHidesNoOther() throws IOException {
        shop.job("broken", "steps: []");
        Files.write(folder.resolve("job-configs/latin.yaml"), new byte[] {'a', (byte) 0xE3});
        Files.writeString(folder.resolve("job-configs/other.yml"), PREDICT_DAY);

        Ended list = shop.run("list");
        JsonNode jobs = JSON.readTree(shop.run("list", "--json").output());

        assertThat(list.exit()).isEqualTo(USAGE);
        assertThat(list.output()).isEqualTo("predict  Labels the lines\n");
        assertThat(list.errors())
                .contains(
                        "broken.yaml:",
                        "latin.yaml:1:2: is not UTF-8",
                        "other.yml: the name of a job file",
                        "to other.yaml");
        assertThat(jobs).hasSize(4);
        assertThat(jobs.path(0).path("problems").path(0).stringValue()).contains("is empty");
        assertThat(shop.run("check", "--json").output()).contains("other.yml: the name of a job file", "job predict");
        assertThat(shop.run("job=predict", "day=2026-01-02").exit()).isZero();
    }

    @Test
    void helpNamesTheVerbs() {
        assertThat(shop.run("--help").output()).contains("job=NAME", "list", "status", "report", "init", "schema");
        assertThat(shop.run("--version").output()).contains("Modelbatch");
        assertThat(shop.run("stauts").exit()).isEqualTo(USAGE);
    }

    @Test
    void theReadmeNamesEveryVerb() throws IOException {
        String answer = shop.run("frobnicate").errors();
        String verbs = answer.substring(answer.indexOf("Verbs: ") + "Verbs: ".length(), answer.indexOf(". A job"));
        String readme = Files.readString(Path.of("../README.md"));

        assertThat(verbs.split(", "))
                .hasSizeGreaterThan(8)
                .allSatisfy(verb -> assertThat(readme).containsPattern("\\| `" + verb + "[ `]"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "predict | 'predict' is a job. To run it: java -jar batch.jar job=predict --modelbatch",
                "predict day=2026-01-02 | java -jar batch.jar job=predict day=2026-01-02 --modelbatch",
                "run predict | java -jar batch.jar job=predict --modelbatch",
                "start predict --again=true | java -jar batch.jar job=predict again=true --modelbatch",
                "job predict | java -jar batch.jar job=predict --modelbatch",
                "--job=predict | java -jar batch.jar job=predict --modelbatch",
                "job=predict --again | java -jar batch.jar job=predict again=true --modelbatch",
                "--again JOB=predict --day=2026-01-02 | java -jar batch.jar job=predict again=true day=2026-01-02 --mod",
                "job=predict again | 'again' is not NAME=VALUE, as again=true is",
                "stauts | There is no verb 'stauts'; did you mean 'status'?",
                "predcit | There is no verb 'predcit'; did you mean 'predict'?",
                "frobnicate | Verbs: list, check, init, status,",
                "list now | Unmatched argument at index 1: 'now'",
            })
    void otherWordsAreAnsweredWithTheCommandToType(String words, String answer) {
        Ended ended = shop.run(words.split(" "));

        assertThat(ended.errors()).contains(answer);
        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(folder.resolve("local/repository")).doesNotExist();
    }

    @Test
    void verbsThatReadAreUnderstoodInOtherWords() {
        assertThat(shop.run("help").output()).contains("job=NAME", "Exit codes");
        assertThat(shop.run("help", "check").output()).contains("check", "--json");
        assertThat(shop.run("version").output()).contains("Modelbatch");
        assertThat(shop.run("check", "predict", "day=2026-01-02").output())
                .contains("job predict", "No problems found");
        shop.run("job=predict", "day=2026-01-02");
        assertThat(shop.run("status", "job=predict").output()).contains("predict-1");
    }

    @Test
    void theCommandToTypeNextSaysWhereTheFilesAre() throws IOException {
        Files.delete(shop.bucket("models/tiny/tokenizer.json"));

        assertThat(shop.run("job=predict", "day=2026-01-02").output())
                .contains("java -jar batch.jar job=predict day=2026-01-02 --modelbatch.jobs="
                        + folder.resolve("job-configs"));
    }

    @Test
    void anEnvironmentThatIsNotThereIsRefused() {
        Ended ended = shop.run("job=predict", "day=2026-01-02", "--spring.profiles.active=azure");

        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(ended.errors()).contains("Unknown environment 'azure'");
    }

    @Test
    void aStepThatLeftNothingMayBeMended() {
        shop.job("predict", PREDICT_DAY.replace("gs://models/tiny", "gs://models/tidy"));
        assertThat(shop.run("job=predict", "day=2026-01-02").exit()).isEqualTo(FAILED_FOR_GOOD);
        shop.job("predict", PREDICT_DAY);

        Ended ended = shop.run("job=predict", "day=2026-01-02");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("run-resumed");
    }

    @Test
    void anUnfinishedRunDoesNotGoOnAsAnotherJob() {
        leaveUnfinished();
        shop.job("predict", PREDICT_DAY.replace("day <= @day", "day = @day"));

        Ended ended = shop.run("job=predict", "day=2026-01-02");

        assertThat(ended.exit()).as(ended.words()).isEqualTo(USAGE);
        assertThat(ended.errors())
                .contains(
                        "predict-1 began with other settings",
                        "extract.query: was 'SELECT id, text FROM shop.lines WHERE day <= @day',"
                                + " is 'SELECT id, text FROM shop.lines WHERE day = @day'",
                        "java -jar batch.jar job=predict day=2026-01-02 again=true");
    }

    @Test
    void anAcceptedChangeIsInTheReport() {
        leaveUnfinished();
        shop.job("predict", PREDICT_DAY.replace("day <= @day", "day = @day"));

        Ended ended = shop.run("job=predict", "day=2026-01-02", "accept-changes=true");

        assertThat(ended.words()).contains("run-resumed");
        JsonNode changes = JSON.readTree(shop.run("report").output()).path("acceptedChanges");
        assertThat(changes.path(0).stringValue()).startsWith("extract.query: was ");
    }

    @Test
    void againGivesAnUnfinishedRunUp() {
        leaveUnfinished();
        shop.classifier("models/tidy");

        Ended ended = shop.run("job=predict", "day=2026-01-02", "again=true");

        assertThat(ended.exit()).as(ended.words()).isZero();
        JsonNode runs = JSON.readTree(shop.run("status", "--json").output());
        assertThat(runs.path(0).path("status").stringValue()).isEqualTo("COMPLETED");
        assertThat(runs.path(1).path("status").stringValue()).isEqualTo("ABANDONED");
    }

    @Test
    void anAbandonedRunIsFollowedByANewOne() throws IOException {
        leaveUnfinished();

        assertThat(shop.run("abandon", "predict-1").output()).contains("predict-1 is ABANDONED");
        assertThat(storedReport().path("status").asString()).isEqualTo("ABANDONED");
        assertThat(shop.run("abandon", "predict-1").exit()).isEqualTo(USAGE);
        assertThat(shop.run("restart", "predict-1").exit()).isEqualTo(USAGE);
        assertThat(shop.run("job=predict", "day=2026-01-02").output()).contains("run-started", "predict-2");
    }

    @Test
    void theLogOfEachExecutionIsKeptBesideTheReport() throws IOException {
        leaveUnfinished();

        Ended failed = shop.run("job=predict", "day=2026-01-02");

        String log = JSON.readTree(lastLine(failed.output())).path("log").asString();
        assertThat(Path.of(log)).content().contains("gs://models/tidy", "ModelException");
        assertThat(Path.of(log).resolveSibling("predict-1.1.log")).exists();
        try (var left = Files.list(folder.resolve("local/logs"))) {
            assertThat(left.map(file -> file.getFileName().toString()).filter(name -> name.startsWith("predict-")))
                    .isEmpty();
        }
        assertThat(shop.run("report", "predict-1").output())
                .contains("\"log\" : \"" + log, "\"environment\" : {", "\"name\" : \"local\"");
    }

    @Test
    void restartGoesOnWithARunByItsName() {
        leaveUnfinished();
        shop.classifier("models/tidy");

        Ended ended = shop.run("restart", "predict-1");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("run-resumed");
        assertThat(shop.run("restart", "predict-1").errors()).contains("COMPLETED", "again=true");
    }

    @Test
    void verbsRefuseWhatHasNoMeaning() {
        leaveUnfinished();

        assertThat(shop.run("stop", "predict-1").errors()).contains("predict-1 is not running: it is FAILED");
        assertThat(shop.run("stop", "predict-9").errors()).contains("There is no run predict-9");
        assertThat(shop.run("recover", "predict-1").output()).contains("predict-1 is FAILED");
        assertThat(shop.run("job=predict", "day=2026-01-02", "wait=soon").errors())
                .contains("wait=soon is not a duration");
    }

    /** Its extract is complete, its model is missing. */
    private void leaveUnfinished() {
        leaveUnfinished("2026-01-02");
    }

    private void leaveUnfinished(String day) {
        shop.job("predict", PREDICT_DAY.replace("gs://models/tiny", "gs://models/tidy"));
        assertThat(shop.run("job=predict", "day=" + day).exit()).isEqualTo(FAILED_FOR_GOOD);
    }

    private JsonNode storedReport() throws IOException {
        try (var runs = Files.walk(shop.bucket("modelbatch/runs"), 2)) {
            return JSON.readTree(Files.readAllBytes(runs.filter(file -> file.endsWith("report.json"))
                    .findFirst()
                    .orElseThrow()));
        }
    }

    private static String lastLine(String output) {
        return output.lines().reduce((line, next) -> next).orElseThrow();
    }

    private JsonNode manifest(String result) throws IOException {
        return JSON.readTree(Files.readAllBytes(shop.bucket(result + "/manifest.json")));
    }

    private List<Path> files(String path) throws IOException {
        try (var files = Files.list(shop.bucket(path))) {
            return files.sorted().toList();
        }
    }

    private static List<Path> shards(List<Path> files) {
        return files.stream().filter(file -> !file.endsWith("manifest.json")).toList();
    }
}
