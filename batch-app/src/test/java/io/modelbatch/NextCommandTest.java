package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Each failure of {@code docs/scheduling.md}, and the command that it names: typed as it stands, in a shell, it helps. */
class NextCommandTest {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;

    private static final String PREDICT = """
            schedule: { cron: "15 3 * * *", zone: Asia/Tokyo }
            parameters:
              day: { type: date, default: yesterday }
              shop: { type: string, default: all }
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines WHERE @shop <> '' AND day <= @day", key: id }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/tiny
                  block: { rows: 16 }
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = SmallShop.open(folder).job("predict", PREDICT);
    }

    @Test
    void aFailureThatMayPassIsResumed() throws Exception {
        Path file = folder.resolve("a.txt");
        Files.createSymbolicLink(file, Path.of("/proc/self/mem")); // its first byte gives an error of input
        shop.job("upload", "steps:\n  - upload: { from: " + file + ", to: gs://archive/files/ }\n");
        Ended failed = shop.run("job=upload");
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED);
        Files.delete(file);
        Files.writeString(file, "a");

        assertResumes(type(onlyCommand(failed)));
    }

    @Test
    void aRunThatCannotBeginNamesItsCommandToo() throws Exception {
        Path inTheWay = Files.writeString(shop.bucket("results"), "a file where a folder has to be");
        Ended refused = shop.run("job=predict");
        assertThat(refused.exit()).as(refused.words()).isEqualTo(FAILED_FOR_GOOD);
        Files.delete(inTheWay);

        Ended ended = type(commands(refused.errors()).get(0));

        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    @Test
    void aModelThatWasMissingIsPutThereAndTheRunIsResumed() throws Exception {
        shop.job("predict", PREDICT.replace("models/tiny", "models/tidy"));
        Ended failed = shop.run("job=predict");
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        shop.classifier("models/tidy");

        assertResumes(type(onlyCommand(failed)));
    }

    @Test
    void theDayOfTheRunIsNamedThoughItWasNotTyped() {
        String command = onlyCommand(failing("job=predict"));

        LocalDate yesterday = LocalDate.now(ZoneId.of("Asia/Tokyo")).minusDays(1);
        assertThat(command).contains(" day=" + yesterday + " ").contains(" shop=all ");
    }

    @Test
    void valuesAreQuotedForAShell() throws Exception {
        String value = "Bob's 東京 $HOME \"`;*?! ~\\n\n!! #{a,b} [x]&|<>()\t";

        String command = onlyCommand(failing("job=predict", "shop=" + value));

        assertThat(words(command, "sh")).contains("shop=" + value);
        assertThat(words(command, "bash")).contains("shop=" + value);
    }

    @Test
    void aNewRunThatFailedIsResumedAndNotStartedAgain() throws Exception {
        assertThat(shop.run("job=predict").exit()).isZero();
        Ended failed = failing("job=predict", "again=true");
        shop.classifier("models/tidy");

        assertThat(onlyCommand(failed)).doesNotContain("again");
        assertResumes(type(onlyCommand(failed)));
    }

    @Test
    void aChangedQueryOfACompleteExtractIsUndoneOrTakesANewRun() throws Exception {
        failing("job=predict");
        shop.job("predict", PREDICT.replace("day <= @day", "day < @day"));

        Ended refused = shop.run("job=predict");

        assertThat(refused.exit()).as(refused.words()).isEqualTo(USAGE);
        assertThat(refused.errors())
                .contains("The committed part of the run keeps the old extract.query.")
                .doesNotContain("accept-changes");
        List<String> commands = commands(refused.errors());
        assertThat(commands).hasSize(2);
        Ended ended = type(commands.get(1));
        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("run-started");
    }

    @Test
    void aChangedLimitIsAcceptedOrTakesANewRun() throws Exception {
        tooManyRejects();
        shop.job("predict", PREDICT.replace("block:", "rejects: { share: 0.5 }\n      block:"));

        List<String> commands = commands(shop.run("job=predict").errors());

        assertThat(commands).hasSize(2);
        assertResumes(type(commands.get(0)));
    }

    @Test
    void rejectsAreAllowedOrFixed() throws Exception {
        JsonNode last = last(tooManyRejects());
        assertThat(last.path("cause").asString()).contains("accept-changes=true", "again=true");
        List<String> commands = commandsOf(last);
        assertThat(commands).hasSize(2);
        lines(0);
        Ended again = type(commands.get(1));
        assertThat(again.exit()).as(again.words()).isZero();

        tooManyRejects("again=true");
        shop.job("predict", PREDICT.replace("block:", "rejects: { share: 0.5 }\n      block:"));
        assertResumes(type(commands.get(0)));
    }

    @Test
    void rowsThatCannotBeLearnedFromTakeANewRun() throws Exception {
        shop.job("train", """
                        steps:
                          - extract: { query: "SELECT id, text, label FROM shop.labelled", key: id }
                          - train: { model: gs://models/tiny, task: text-classification, text: text, label: label, num-train-epochs: 1 }
                        """)
                .table(
                        "shop.labelled",
                        "id,text,label\n1,milk,\n2,tea,drink\n3,rye,bread\n4,oat,bread\n5,cola,drink\n");
        Ended failed = shop.run("job=train");
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);

        assertThat(onlyCommand(failed)).contains("again=true");
        assertThat(last(failed).path("cause").asString()).contains("again=true");
    }

    @Test
    void pinnedRowsThatAreDamagedTakeANewRun() throws Exception {
        failing("job=predict");
        shop.classifier("models/tidy");
        try (Stream<Path> files = Files.walk(folder.resolve("local/pinned"))) {
            for (Path file :
                    (Iterable<Path>) files.filter(path -> path.toString().endsWith(".parquet"))::iterator) {
                Files.write(file, new byte[] {0});
            }
        }

        Ended failed = shop.run("job=predict");

        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(onlyCommand(failed)).contains("again=true");
        Ended ended = type(onlyCommand(failed));
        assertThat(ended.exit()).as(ended.words()).isZero();
    }

    @Test
    void statusNamesTheSameCommand() throws Exception {
        String command = onlyCommand(failing("job=predict", "shop=it's"));
        shop.classifier("models/tidy");

        List<String> commands = commands(shop.run("status").output());

        assertThat(commands).containsExactly(command);
        assertResumes(type(commands.get(0)));
    }

    private Ended failing(String... words) {
        shop.job("predict", PREDICT.replace("models/tiny", "models/tidy"));
        Ended failed = shop.run(words);
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        return failed;
    }

    private Ended tooManyRejects(String... words) throws IOException {
        shop.job("predict", PREDICT);
        lines(3);
        List<String> all = new ArrayList<>(List.of("job=predict"));
        all.addAll(List.of(words));
        Ended failed = shop.run(all.toArray(String[]::new));
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);
        return failed;
    }

    /** 200 lines, of which so many of ten have no text. */
    private void lines(int ofTen) {
        shop.table(
                "shop.lines",
                "id,text,day\n"
                        + IntStream.range(0, 200)
                                .mapToObj(id -> id + "," + (id % 10 < ofTen ? "" : "milk") + ",2026-01-01\n")
                                .collect(Collectors.joining()));
    }

    private static void assertResumes(Ended ended) {
        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("run-resumed");
    }

    private static JsonNode last(Ended ended) {
        return JSON.readTree(ended.output().lines().reduce((line, next) -> next).orElseThrow());
    }

    private static List<String> commandsOf(JsonNode last) {
        List<String> commands = new ArrayList<>();
        last.path("next").forEach(next -> commands.add(next.path("command").asString()));
        return commands;
    }

    private static String onlyCommand(Ended ended) {
        List<String> commands = commandsOf(last(ended));
        assertThat(commands).as(ended.output()).hasSize(1);
        return commands.get(0);
    }

    /** Of what is printed for a person: the lines that are to be copied. */
    private static List<String> commands(String words) {
        return words.lines()
                .map(String::strip)
                .filter(line -> line.startsWith("java -jar"))
                .toList();
    }

    /** Runs a command as it stands, with nothing added. */
    private Ended type(String command) throws IOException, InterruptedException {
        List<String> words = words(command, "sh");
        assertThat(words).startsWith("java", "-jar", "batch.jar");
        return CommandLine.runAlone(words.subList(3, words.size()).toArray(String[]::new));
    }

    /** A command's words, as a shell reads them. */
    private static List<String> words(String command, String program) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(program, "-c", "printf '%s\\0' " + command);
        Process shell = builder.start();
        String words = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).isZero();
        return Arrays.asList(words.split("\0"));
    }
}
