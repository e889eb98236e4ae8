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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * DeBERTa V2 and ModernBERT of all settings, in padded batches, against transformers in float64: each in float32, and in turn in one of
 * the narrower types; in each of them with {@code -Dvariants=all}.
 */
@Python.Needed
class DebertaAndModernBertVariantsTest {
    private static final boolean ALL = "all".equals(System.getProperty("variants"));
    private static final int NARROW = 4;

    @TempDir
    Path folder;

    @TestFactory
    Stream<DynamicTest> answersAsTransformers() throws Exception {
        Python.run(Duration.ofMinutes(10), "make_deberta_modernbert.py", folder);
        return comparisons(folder);
    }

    static Stream<DynamicTest> comparisons(Path folder) throws IOException {
        ComputeEngine.start();
        try (Stream<Path> made = Files.list(folder)) {
            List<Path> models = made.filter(Files::isDirectory).sorted().toList();
            return IntStream.range(0, models.size())
                    .mapToObj(i -> DynamicTest.dynamicTest(
                            models.get(i).getFileName().toString(), () -> compareAllVariants(models.get(i), i)));
        }
    }

    private static void compareAllVariants(Path folder, int turn) throws Exception {
        compare(folder, Precision.FLOAT32, 1e-4);
        compare(folder, new ArchiveVariant.Training(Dtype.FLOAT32), 1e-4);
        for (int narrow = 0; narrow < NARROW; narrow++) {
            if (ALL || narrow == turn % NARROW) {
                compareNarrow(folder, narrow);
            }
        }
    }

    private static void compareNarrow(Path folder, int type) throws Exception {
        switch (type) {
            case 0 -> compare(folder, Precision.BFLOAT16, 0.5);
            case 1 -> compare(folder, Precision.FLOAT16, 0.1);
            case 2 -> compare(folder, new ArchiveVariant.Training(Dtype.BFLOAT16), 0.5);
            default -> compare(folder, Precision.INT8, 1.5);
        }
    }

    private static void compare(Path folder, Precision precision, double tolerance) throws Exception {
        for (ArchiveVariant variant : Variants.of(precision)) {
            compare(folder, variant, tolerance);
        }
    }

    /** One archive answers all batches, as it does in a run: what it keeps from the first must be right for the others. */
    private static void compare(Path folder, ArchiveVariant variant, double tolerance) throws Exception {
        Path file = folder.resolve("expected.json");
        JsonNode expected = Json.object(Files.readAllBytes(file), DisplayPath.of(file));
        Task task = Task.valueOf(
                expected.path("task").stringValue().toUpperCase(Locale.ROOT).replace('-', '_'));
        TaskModel made = PretrainedModel.open(folder.resolve("model")).forTask(task);
        Path archive = Files.createTempDirectory(folder, "archive").resolve("model.pt");
        TorchScriptArchive.write(archive, made.script(variant));
        try (Model model = Model.newInstance("variant", Device.cpu(), "PyTorch")) {
            model.load(archive);
            for (JsonNode batch : expected.path("batches")) {
                float[][] answers = run(model, batch);
                for (int row = 0; row < answers.length; row++) {
                    double[] numbers = numbers(batch.path("numbers").path(row));
                    assertThat(answers[row]).hasSizeGreaterThanOrEqualTo(numbers.length);
                    for (int i = 0; i < numbers.length; i++) {
                        assertThat((double) answers[row][i])
                                .as("%s, row %d, number %d", variant, row, i)
                                .isCloseTo(numbers[i], within(tolerance));
                    }
                }
            }
        }
    }

    private static float[][] run(Model model, JsonNode batch) {
        int rows = batch.path("ids").size();
        Shape shape = new Shape(rows, batch.path("ids").path(0).size());
        try (NDManager manager = model.getNDManager().newSubManager()) {
            NDList input = new NDList(
                    array(manager, batch.path("ids"), shape),
                    array(manager, batch.path("mask"), shape),
                    array(manager, batch.path("types"), shape));
            NDArray output = model.getBlock()
                    .forward(new ParameterStore(manager, false), input, false)
                    .singletonOrThrow();
            float[] all = output.toFloatArray();
            int each = all.length / rows;
            float[][] split = new float[rows][];
            for (int row = 0; row < rows; row++) {
                split[row] = Arrays.copyOfRange(all, row * each, (row + 1) * each);
            }
            return split;
        }
    }

    private static NDArray array(NDManager manager, JsonNode rows, Shape shape) {
        return manager.create(
                rows.valueStream()
                        .flatMapToLong(row -> row.valueStream().mapToLong(JsonNode::longValue))
                        .toArray(),
                shape);
    }

    private static double[] numbers(JsonNode row) {
        return row.valueStream().mapToDouble(JsonNode::doubleValue).toArray();
    }
}
