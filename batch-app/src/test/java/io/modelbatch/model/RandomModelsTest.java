package io.modelbatch.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.Model;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.training.ParameterStore;
import io.modelbatch.Python;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.Dtype;
import io.modelbatch.model.tensor.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Models as Hugging Face transformers writes them, with other sizes and options than the fixtures have, answer as they do there. As many
 * of every architecture as {@code -Drandom-models=N} says: with four, each architecture has each task, and each setting and activation
 * occurs; with ten, each architecture has each setting.
 */
@Python.Needed
class RandomModelsTest {
    private static final double FLOAT32 = 1e-4;
    /** Shows that all sizes and settings compute, no more: a squared ReLU of random weights is far off in int8. TorchScriptArchiveTest looks closer. */
    private static final double INT8 = 1;

    @TempDir
    static Path folder;

    @BeforeAll
    static void makeModels() throws Exception {
        ComputeEngine.start();
        Python.run(
                Duration.ofMinutes(15),
                "random_models.py",
                folder,
                System.getProperty("random-models.seed", "1"),
                System.getProperty("random-models", "4"));
    }

    static List<String> models() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isDirectory)
                    .map(file -> file.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("models")
    void answersAsTransformersDoes(String name) throws Exception {
        Path directory = folder.resolve(name);
        ObjectNode expected =
                Json.object(Files.readAllBytes(directory.resolve("expected.json")), DisplayPath.of(directory));
        PretrainedModel pretrained = PretrainedModel.open(directory.resolve("model"));
        assertThat(pretrained.config().sizes().positions())
                .isEqualTo(expected.path("positions").intValue());
        assertThat(pretrained.config().padTokenId())
                .isEqualTo(expected.path("pad_token_id").intValue());
        assertThat(pretrained.config().labels())
                .isEqualTo(expected.path("labels")
                        .valueStream()
                        .map(JsonNode::stringValue)
                        .toList());
        TaskModel model = pretrained.forTask(Task.valueOf(
                expected.path("task").stringValue().toUpperCase(Locale.ROOT).replace('-', '_')));
        compare(model, Precision.FLOAT32, expected, FLOAT32);
        compare(model, new ArchiveVariant.Training(Dtype.FLOAT32), expected, FLOAT32);
        compare(model, Precision.INT8, expected, INT8);
    }

    private static void compare(TaskModel model, Precision precision, ObjectNode expected, double tolerance)
            throws Exception {
        for (ArchiveVariant variant : Variants.of(precision)) {
            compare(model, variant, expected, tolerance);
        }
    }

    private static void compare(TaskModel task, ArchiveVariant variant, ObjectNode expected, double tolerance)
            throws Exception {
        Path file = Files.createTempDirectory(folder, ".archive").resolve("model.pt");
        TorchScriptArchive.write(file, task.script(variant));
        try (Model model = Model.newInstance("random", Device.cpu(), "PyTorch")) {
            model.load(file);
            for (JsonNode batch : expected.path("batches")) {
                try (NDManager manager = model.getNDManager().newSubManager()) {
                    compare(run(model, manager, batch), batch.path("numbers"), variant, tolerance);
                }
            }
        } finally {
            Files.delete(file);
        }
    }

    /** Of a row for each token, those that stand for padding are not compared. */
    private static void compare(NDArray answers, JsonNode expected, ArchiveVariant variant, double tolerance) {
        float[] numbers = answers.toFloatArray();
        int rows = expected.size();
        assertThat(numbers).hasSize(Math.toIntExact(answers.size(0)) * (numbers.length / rows));
        for (int row = 0; row < rows; row++) {
            double[] of = Fixture.doubles(expected.get(row));
            int from = row * (numbers.length / rows);
            assertThat(of).hasSizeLessThanOrEqualTo(numbers.length / rows);
            for (int i = 0; i < of.length; i++) {
                assertThat((double) numbers[from + i])
                        .as("%s, number %d of row %d in %d", variant, i, row, rows)
                        .isCloseTo(of[i], within(tolerance * Math.max(1, largest(of))));
            }
        }
    }

    private static double largest(double[] numbers) {
        return Arrays.stream(numbers).map(Math::abs).max().orElse(0);
    }

    private static NDArray run(Model model, NDManager manager, JsonNode batch) {
        NDArray ids = array(manager, batch.path("input_ids"));
        JsonNode types = batch.path("token_type_ids");
        NDList input = new NDList(
                ids,
                array(manager, batch.path("attention_mask")),
                types.isMissingNode() ? ids.zerosLike() : array(manager, types));
        return model.getBlock()
                .forward(new ParameterStore(manager, false), input, false)
                .singletonOrThrow();
    }

    private static NDArray array(NDManager manager, JsonNode rows) {
        long[] values = rows.valueStream()
                .flatMap(JsonNode::valueStream)
                .mapToLong(JsonNode::longValue)
                .toArray();
        return manager.create(values, new Shape(rows.size(), values.length / rows.size()));
    }
}
