package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.inference.InferenceEngine;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.token.Tokenizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The output of {@code publish} is a model for Hugging Face transformers too, with the same logits. */
@Python.Needed
class PublishedModelIT {
    private static final int TEXTS = 200;
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String TRAIN = """
            steps:
              - extract: { query: "SELECT line_id, text, category FROM shop.labelled_lines LIMIT 1000", key: line_id }
              - train:
                  model: gs://receipts-ml/models/base
                  task: text-classification
                  text: text
                  label: category
                  num-train-epochs: 1
                  learning-rate: 5e-4
                  per-device-train-batch-size: 16
              - evaluate: {}
              - publish: { to: gs://receipts-ml/models/categories }
            """;

    @TempDir
    private Path folder;

    @Test
    void transformersLoadsItAndComputesTheSameLogits() throws Exception {
        CommandLine shop = new CommandLine(folder).job("train", TRAIN);
        assertThat(shop.run("init").exit()).isZero();
        CommandLine.Ended ended = shop.run("job=train");
        assertThat(ended.exit()).as(ended.words()).isZero();
        List<String> texts = texts(shop);

        ModelRepository models = new ModelRepository(ObjectStores.folder(shop.bucket("")), folder.resolve("cache"));
        PretrainedModel published = models.open("gs://receipts-ml/models/categories@latest");
        float[][] ours = logits(published.forTask(Task.TEXT_CLASSIFICATION), models, texts);
        double[][] theirs = transformers(published.directory().path(), texts);

        assertThat(ours).hasDimensions(TEXTS, theirs[0].length);
        for (int text = 0; text < TEXTS; text++) {
            for (int label = 0; label < ours[text].length; label++) {
                assertThat((double) ours[text][label]).as(texts.get(text)).isCloseTo(theirs[text][label], within(1e-4));
            }
        }
    }

    private static List<String> texts(CommandLine shop) throws IOException {
        try (var lines = Files.lines(shop.folder().resolve("local/warehouse/shop/receipt_lines.csv"))) {
            return lines.skip(1)
                    .map(line -> line.substring(line.indexOf(',') + 1, line.lastIndexOf(',')))
                    .limit(TEXTS)
                    .toList();
        }
    }

    private static float[][] logits(TaskModel classifier, ModelRepository models, List<String> texts)
            throws IOException {
        Path archive = models.archive(
                classifier, new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN));
        float[][] logits = new float[texts.size()][];
        try (Tokenizer tokenizer = Tokenizer.open(
                        classifier.directory().path(),
                        classifier.config().sizes().positions(),
                        OptionalInt.empty());
                InferenceEngine engine = InferenceEngine.load(
                        DisplayPath.of(archive), classifier.call(), ComputeEngine.start(), ComputeDevice.CPU)) {
            List<TokenIds> tokens =
                    texts.stream().map(text -> tokenizer.encode(text, null)).toList();
            for (TokenBatch batch : new TokenBatcher(classifier.config().padTokenId()).pack(tokens, () -> 2_048)) {
                float[][] answers = engine.run(batch);
                for (int row = 0; row < answers.length; row++) {
                    logits[batch.indices().get(row)] = answers[row];
                }
            }
        }
        return logits;
    }

    private static double[][] transformers(Path directory, List<String> texts) throws Exception {
        return Python.run(Duration.ofMinutes(5), JSON.writeValueAsBytes(texts), "logits.py", directory).stream()
                .map(line -> JSON.readValue(line, double[].class))
                .toArray(double[][]::new);
    }
}
