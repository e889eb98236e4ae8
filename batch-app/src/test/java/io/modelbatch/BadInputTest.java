package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A failure is one message, with the exit code that tells a scheduler whether another attempt can help. */
class BadInputTest {
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;

    private static final String PREDICT = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/tiny
              - load: { table: shop.answers }
            """;

    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT id, text, label FROM shop.lines", key: id }
              - train:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  label: label
                  num-train-epochs: 1
              - evaluate: {}
              - publish: { to: gs://models/learned }
            """;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder)
                .job("predict", PREDICT)
                .job("train", TRAIN)
                .table("shop.lines", "id,text,label\n1,milk,a\n2,bread,b\n3,tea,a\n")
                .classifier("models/tiny");
    }

    @Test
    void aJobThatIsNotThereIsAnsweredWithTheNearestName() {
        assertRefused(shop.run("job=predcit"), USAGE, "predcit", "predict");
    }

    @Test
    void everyProblemOfAJobFileIsReportedAtOnceWithItsLine() {
        shop.job("predict", PREDICT.replace("text: text", "txt: text").replace("key: id", "kye: id"));

        assertRefused(
                shop.run("job=predict"), USAGE, "predict.yaml", "txt", "kye", "predict.yaml:2:", "predict.yaml:6:");
    }

    @Test
    void malformedYamlIsReportedWithItsLine() {
        shop.job("predict", "steps:\n  - extract: { query: \"SELECT 1\n");

        assertRefused(shop.run("job=predict"), USAGE, "predict.yaml", "line");
    }

    @Test
    void aMisspelledPropertyIsNotIgnored() {
        assertRefused(
                shop.run("list", "--modelbatch.local.hom=x"), USAGE, "modelbatch.local.hom", "modelbatch.local.home");
    }

    @Test
    void anUndefinedNameInAQueryIsFoundBeforeAnythingRuns() {
        shop.job("predict", PREDICT.replace("FROM shop.lines", "FROM shop.lines WHERE day = @dya"));

        assertRefused(shop.run("job=predict"), USAGE, "predict.yaml:2:", "@dya is not defined", "no parameters");
    }

    @Test
    void whatIsNotOneSelectIsFoundBeforeAnythingRuns() {
        shop.job("predict", PREDICT.replace("SELECT id, text FROM shop.lines", "DROP TABLE shop.lines"));

        assertRefused(shop.run("job=predict"), USAGE, "predict.yaml:2:", "must be one SELECT");
    }

    @Test
    void aMissingTableIsNamed() {
        shop.job("predict", PREDICT.replace("shop.lines", "shop.line"));

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "shop.line");
    }

    @Test
    void aMissingColumnIsNamed() {
        shop.job("predict", PREDICT.replace("SELECT id, text", "SELECT id, txt"));

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "txt");
    }

    @Test
    void aColumnThatTheQueryDoesNotGiveIsNamed() {
        shop.job("predict", PREDICT.replace("text: text", "text: words"));

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "words", "text");
    }

    @Test
    void aRepeatedKeyIsNamed() {
        shop.table("shop.lines", "id,text\n7,milk\n7,bread\n");

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "id", "7");
    }

    /** Such a result had no key in JSON lines, and failed as Parquet when all was computed. */
    @ParameterizedTest
    @CsvSource({"label, parquet", "SCORE, jsonl", "Scores, jsonl"})
    void aKeyThatIsNamedLikeAColumnOfTheAnswersIsRefusedBeforeAnythingRuns(String key, String format) {
        shop.job(
                "predict",
                PREDICT.replace("SELECT id,", "SELECT id AS " + key + ",")
                        .replace("key: id", "key: " + key)
                        .replace("to:", "format: " + format + "\n      to:"));

        assertRefused(
                shop.run("job=predict"), USAGE, "predict.yaml:2:", "'" + key + "'", "label, score, scores", "SELECT");
        assertRefused(shop.run("check", "job=predict"), USAGE, "predict.yaml:2:", "'" + key + "'");
        assertThat(folder.resolve("local/pinned")).isEmptyDirectory();
    }

    @Test
    void aModelThatIsNotThereIsNamed() {
        shop.job("predict", PREDICT.replace("gs://models/tiny", "gs://models/tidy"));

        Ended ended = shop.run("job=predict");

        assertRefused(
                ended,
                FAILED_FOR_GOOD,
                "gs://models/tidy",
                "into the folder " + shop.bucket("models/tidy").toAbsolutePath());
        assertThat(ended.words()).doesNotContain("gcloud");
    }

    @Test
    void aFileThatAModelLacksIsNamed() throws IOException {
        Files.delete(shop.bucket("models/tiny/tokenizer.json"));

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "gs://models/tiny", "tokenizer.json");
    }

    @Test
    void aPickleIsRefusedWithTheWayToConvertIt() throws IOException {
        Files.move(shop.bucket("models/tiny/model.safetensors"), shop.bucket("models/tiny/pytorch_model.bin"));

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "pytorch_model.bin", "safetensors");
    }

    @Test
    void truncatedWeightsAreRefused() throws IOException {
        Path weights = shop.bucket("models/tiny/model.safetensors");
        try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            file.truncate(Files.size(weights) - 100);
        }

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "model.safetensors");
    }

    @Test
    void weightsThatLieAboutTheLengthOfTheirHeaderAreRefused() throws IOException {
        Path weights = shop.bucket("models/tiny/model.safetensors");
        try (FileChannel file = FileChannel.open(weights, StandardOpenOption.WRITE)) {
            file.write(
                    ByteBuffer.allocate(Long.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .putLong(0, Long.MAX_VALUE),
                    0);
        }

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "model.safetensors");
    }

    @Test
    void aTensorOfAnotherShapeIsNamed() throws IOException {
        Path config = shop.bucket("models/tiny/config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\"vocab_size\": \\d+", "\"vocab_size\": 7"));

        assertRefused(shop.run("job=predict"), FAILED_FOR_GOOD, "word_embeddings", "shape");
    }

    @Test
    void aLabelThatTheModelLacksIsNamedWithItsRow() {
        assertRefused(shop.run("job=train"), FAILED_FOR_GOOD, "key '1'", "'a'", "gs://models/tiny");
    }

    @Test
    void anEmptyTableMakesACompleteRunOfNoRows() throws IOException {
        shop.table("shop.lines", "id,text\n");

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(Files.readString(shop.bucket("results/tiny/manifest.json"))).containsPattern("\"rows\"\\s*:\\s*0");
        assertThat(folder.resolve("local/warehouse/shop/answers.parquet")).isRegularFile();
    }

    @Test
    void nothingCanBeLearnedFromAnEmptyTable() {
        shop.table("shop.lines", "id,text,label\n");

        assertRefused(shop.run("job=train"), FAILED_FOR_GOOD, "Of 0 rows");
    }

    @Test
    void aMendedCauseLetsTheSameRunGoOn() throws IOException {
        Path tokenizer = shop.bucket("models/tiny/tokenizer.json");
        byte[] content = Files.readAllBytes(tokenizer);
        Files.delete(tokenizer);
        assertThat(shop.run("job=predict").exit()).isEqualTo(FAILED_FOR_GOOD);
        Files.write(tokenizer, content);

        Ended ended = shop.run("job=predict");

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.output()).contains("run-resumed");
    }

    private static void assertRefused(Ended ended, int exit, String... words) {
        assertThat(ended.words()).contains(words).doesNotContain("\tat ").doesNotContain("Exception");
        assertThat(ended.exit()).as(ended.words()).isEqualTo(exit);
    }
}
