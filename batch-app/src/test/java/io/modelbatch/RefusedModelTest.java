package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.util.FileSystemUtils;

/** A message about a model that cannot be used names the user's own directory or address, though the copy in the cache is opened. */
class RefusedModelTest {
    private static final int USAGE = 2;
    private static final int DATA = 3;

    @TempDir
    private Path folder;

    private CommandLine shop;

    @BeforeEach
    void open() {
        shop = new CommandLine(folder).table("t.in", "id,text,label\n1,milk,a\n2,tea,b\n3,bread,a\n4,rice,b\n");
    }

    /** A replacement in a file of the model that is only noticed after the model was copied. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            bert-classification | tokenizer.json | "type": "WordPiece" | "type": "WordPeace" | `` | tokenizer.json
            bert-classification | tokenizer_config.json | "[CLS]", | "[CLS]", "truncation_side": "middle", | `` | tokenizer_config.json: truncation_side
            bert-classification | config.json | BertFor | BertFor | `, max-length: 9999` | max-length is 9999
            sentence-embeddings | modules.json | Pooling | Puddle | `` | modules.json: module 1
            sentence-embeddings | 1_Pooling/config.json | { | [ | `` | 1_Pooling/config.json
            sentence-embeddings | config.json | { | { | `, prompt-name: none` | config_sentence_transformers.json names
            sentence-embeddings | config.json | { | { | `, task: text-classification` | tensor classifier
            """)
    void inARun(String fixture, String file, String from, String to, String options, String words) throws IOException {
        Path model = folder.resolve("models/own");
        Files.createDirectories(model.getParent());
        FileSystemUtils.copyRecursively(Fixture.named(fixture).model(), model);
        Path damaged = model.resolve(file);
        String text = Files.exists(damaged) ? Files.readString(damaged) : "{}";
        Files.writeString(damaged, text.replace(from, to));
        shop.model("models/own", model);
        String task = options.contains("task:")
                ? ""
                : ", task: " + (fixture.startsWith("sentence") ? "feature-extraction" : "text-classification");

        String reference = options.isEmpty() ? model.toString() : "gs://models/own";
        shop.job("x", """
                steps:
                  - extract: { query: SELECT * FROM t.in, key: id }
                  - infer: { model: "%s", text: text, to: "gs://results/out"%s%s }
                """.formatted(reference, task, options));

        Ended check = shop.run("check", "job=x");
        assertThat(check.exit()).as(check.words()).isEqualTo(USAGE);
        assertThat(check.words()).contains("of 'infer' in job x: ", reference, words);

        Ended run = shop.run("job=x", "again=true");

        assertThat(run.exit()).as(run.words()).isEqualTo(DATA);
        assertThat(run.words()).contains(reference, words);
        assertThat(said()).as("what was said, logged and kept").noneMatch(one -> one.contains("cache/models"));
    }

    /** All that a user may read of a run. */
    private Stream<String> said() throws IOException {
        Ended status = shop.run("status", "--json");
        try (Stream<Path> reports = Files.walk(folder.resolve("local/buckets/modelbatch"))) {
            List<String> texts = new ArrayList<>(List.of(status.words()));
            for (Path report : reports.filter(Files::isRegularFile).toList()) {
                texts.add(Files.readString(report));
            }
            return texts.stream();
        }
    }
}
