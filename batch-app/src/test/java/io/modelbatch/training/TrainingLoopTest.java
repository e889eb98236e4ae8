package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.InferenceEngine;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.TorchScriptArchive;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenBatcher;
import io.modelbatch.token.TokenIds;
import io.modelbatch.training.objective.LabelledText;
import io.modelbatch.training.objective.TrainingPass;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class TrainingLoopTest {
    /** Measured: losses within 8.2e-7, norms within 1.8e-5. A parameter in the wrong decay group moves norms by more. */
    private static final double RELATIVE = 1e-4;

    /** Measured: 1.4e-5. */
    private static final double LOGITS = 1e-3;

    private static final ExampleOrder<LabelledText> AS_LISTED = (examples, epoch) -> examples;

    @TempDir
    Path folder;

    /** 110 examples with dropout: seven steps an epoch, the last of 14 examples, three epochs. */
    private Lesson lesson;

    private TrainOptions options = Options.of(Map.of("numTrainEpochs", 3));

    @BeforeEach
    void learnFromFew() throws Exception {
        lesson = Lesson.shortened(110, folder);
    }

    @Test
    void learnsAsTransformersDoes() throws Exception {
        Lesson whole = Lesson.whole();
        List<StepResult> results = new ArrayList<>();
        try (TrainingLoop<?> loop = TrainingLoop.open(
                whole.task(), Options.of(Map.of()), AS_LISTED, ComputeDevice.CPU, work(), Optional.empty())) {
            loop.train(loop.steps(), () -> false, results::add);
            compare(results, whole.expected().path("steps"));
            compare(logits(loop, whole), whole.expected().path("probes"));
            assertThat(loop.epochs()).hasSize(4);
            assertThat(loop.epochs().get(3).metrics().get("accuracy"))
                    .isEqualTo(whole.expected().path("probe_accuracy").doubleValue());
            assertThat(loop.epochs().get(0).loss())
                    .isEqualTo(
                            results.subList(0, 20).stream()
                                    .mapToDouble(StepResult::loss)
                                    .average()
                                    .orElseThrow(),
                            within(1e-12));
        }
    }

    private static void compare(List<StepResult> results, JsonNode expected) {
        assertThat(results).hasSize(expected.size());
        for (int i = 0; i < results.size(); i++) {
            StepResult result = results.get(i);
            assertThat(result.step()).isEqualTo(i + 1);
            assertThat(result.epoch()).isEqualTo(i / 20 + 1);
            close(result.loss(), expected.get(i).path("loss").doubleValue());
            close(result.gradientNorm(), expected.get(i).path("grad_norm").doubleValue());
            close(result.learningRate(), expected.get(i).path("learning_rate").doubleValue());
        }
    }

    private static void close(double value, double expected) {
        assertThat(value).isCloseTo(expected, within(RELATIVE * expected));
    }

    private static void compare(float[][] logits, JsonNode probes) {
        assertThat(logits).hasDimensions(probes.size(), 4);
        for (int i = 0; i < logits.length; i++) {
            for (int j = 0; j < 4; j++) {
                assertThat((double) logits[i][j])
                        .isCloseTo(probes.get(i).path("logits").get(j).doubleValue(), within(LOGITS));
            }
        }
    }

    @Test
    void tenStepsAndTenMoreFromACheckpointAreTwentyBitForBit() throws Exception {
        Path straight = trained(20);
        Path half = Files.createDirectories(folder.resolve("half"));
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            loop.train(10, () -> false, result -> {});
            loop.save(half);
        }
        try (TrainingLoop<?> loop = open(Optional.of(half))) {
            assertThat(loop.step()).isEqualTo(10);
            assertThat(loop.examplesSeen()).isEqualTo(110 + 3 * 16);
            same(straight, trained(loop, 20));
        }
    }

    @Test
    void theSameTrainingTwiceIsTheSameBitForBit() throws Exception {
        same(trained(9), trained(9));
    }

    @Test
    void anotherSeedIsAnotherTraining() throws Exception {
        Path first = trained(2).resolve("model.safetensors");
        options = Options.of(Map.of("numTrainEpochs", 3, "seed", 43));
        assertThat(Files.mismatch(first, trained(2).resolve("model.safetensors")))
                .isNotEqualTo(-1);
    }

    @Test
    void dropsNumbersWhileItLearnsAndNoneWhileItAnswers() throws Exception {
        List<StepResult> results = new ArrayList<>();
        try (TrainingLoop<?> loop =
                TrainingLoop.open(lesson.task(), options, AS_LISTED, ComputeDevice.CPU, work(), Optional.empty())) {
            float[][] before = logits(loop, lesson);
            loop.train(1, () -> false, results::add); // at a learning rate of 0
            assertThat(logits(loop, lesson)).isDeepEqualTo(before);
        }
        double without = lesson.expected().path("steps").get(0).path("loss").doubleValue();
        assertThat(results.get(0).loss()).isNotCloseTo(without, within(1e-3)).isCloseTo(without, within(0.1));
    }

    @Test
    void refusesTheCheckpointOfAnotherTraining() throws Exception {
        Path saved = trained(1).resolve("saved");
        options = Options.of(Map.of("numTrainEpochs", 3, "learningRate", 0.004));
        assertThatThrownBy(() -> open(Optional.of(saved)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(saved.resolve("state.json").toString(), "other options", "again=true");
    }

    @Test
    void refusesADamagedCheckpoint() throws Exception {
        Path saved = trained(1).resolve("saved");
        Path memory = saved.resolve("optimizer.safetensors");
        Files.write(memory, Arrays.copyOf(Files.readAllBytes(memory), 10_000));
        assertThatThrownBy(() -> open(Optional.of(saved)))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll(memory.toString(), "not a complete safetensors file", "again=true");
    }

    @Test
    void goesOnWithoutHeldOutExamples() throws Exception {
        TrainingSet<LabelledText> alone = new TrainingSet<>(lesson.examples().training(), List.of());
        lesson = new Lesson(lesson.classifier(), alone, lesson.expected());
        Path half = Files.createDirectories(folder.resolve("half"));
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            loop.train(7, () -> false, result -> {});
            loop.save(half);
        }
        try (TrainingLoop<?> loop = open(Optional.of(half))) {
            assertThat(loop.epochs()).hasSize(1);
            assertThat(loop.epochs().get(0).metrics().get("accuracy")).isNaN();
        }
    }

    @Test
    void whatItExportsAnswersAsItDoes() throws Exception {
        Path exported = folder.resolve("exported");
        float[][] before;
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            loop.train(3, () -> false, result -> {});
            before = logits(loop, lesson);
            loop.export(exported);
        }
        TaskModel opened = PretrainedModel.open(exported).forTask(Task.TEXT_CLASSIFICATION);
        assertThat(opened.config().labels())
                .isEqualTo(lesson.classifier().config().labels());
        Path archive = folder.resolve("exported.pt");
        TorchScriptArchive.write(
                archive, opened.script(new ArchiveVariant.Inference(Precision.FLOAT32, ArchiveVariant.Layout.PLAIN)));
        try (InferenceEngine engine = InferenceEngine.load(
                DisplayPath.of(archive), opened.call(), ComputeEngine.start(), ComputeDevice.CPU)) {
            for (TokenBatch batch : new TokenBatcher(0).pack(lesson.probes(), () -> 1_000)) {
                float[][] logits = engine.run(batch);
                for (int i = 0; i < logits.length; i++) {
                    assertThat(logits[i]).containsExactly(before[batch.indices().get(i)], within(1e-5f));
                }
            }
        }
    }

    @Test
    void endsEarlyWhenItIsToldToStop() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<StepResult> results = new ArrayList<>();
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            loop.train(loop.steps(), () -> asked.incrementAndGet() == 4, results::add);
            assertThat(results).extracting(StepResult::step).containsExactly(1L, 2L, 3L);
            assertThat(loop.step()).isEqualTo(3);
            assertThat(asked).hasValue(4);
        }
    }

    @Test
    void aLossThatIsNoNumberEndsTheTraining() throws Exception {
        options = Options.of(Map.of("learningRate", 1e30, "warmupRatio", 0));
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            assertThatThrownBy(() -> loop.train(loop.steps(), () -> false, result -> {}))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContainingAll("Step 2 of 28", "the loss is NaN", "lower learning-rate (1.0E30)");
            assertThat(loop.step()).isEqualTo(1);
        }
    }

    @Test
    void answersThatAreNoNumbersEndTheTraining() throws Exception {
        options = Options.of(Map.of("learningRate", 1e30, "warmupRatio", 0, "perDeviceTrainBatchSize", 110));
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            assertThatThrownBy(() -> loop.train(loop.steps(), () -> false, result -> {}))
                    .isInstanceOf(ModelException.class)
                    .hasMessageContainingAll("Step 1 of 4", "held-out", "NaN", "lower learning-rate (1.0E30)");
        }
    }

    @Test
    void aBatchThatDoesNotFitIntoMemoryNamesTheOptions() throws Exception {
        try (TrainingLoop<?> loop =
                openPairs((pass, batch) -> pass.manager().zeros(new Shape(1L << 50)), Optional.empty())) {
            assertThatThrownBy(() -> loop.train(loop.steps(), () -> false, result -> {}))
                    .isInstanceOf(DeviceException.class)
                    .hasMessageContainingAll(
                            "Step 1 of 4",
                            "does not fit into memory",
                            "per-device-train-batch-size (16)",
                            "again=true");
            assertThat(loop.step()).isZero();
        }
    }

    /** The loss calls the model twice for a whole batch, and draws random numbers. */
    @Test
    void anotherObjectiveLearnsAndResumesBitForBit() throws Exception {
        List<Integer> sizes = new ArrayList<>();
        List<StepResult> results = new ArrayList<>();
        BiFunction<TrainingPass, List<PairObjective.Pair>, NDArray> loss = (pass, batch) -> {
            sizes.add(batch.size());
            NDArray first =
                    pass.outputs(batch.stream().map(PairObjective.Pair::first).toList());
            NDArray second =
                    pass.outputs(batch.stream().map(PairObjective.Pair::second).toList());
            NDArray noise = pass.manager().randomNormal(first.getShape());
            return first.sub(second).add(noise.mul(0.1f)).square().mean();
        };
        Path straight;
        try (TrainingLoop<?> loop = openPairs(loss, Optional.empty())) {
            straight = trained(loop, 4);
            assertThat(sizes).containsExactly(16, 16, 16, 7);
            assertThat(loop.epochs())
                    .hasSize(1)
                    .allSatisfy(epoch -> assertThat(epoch.metrics()).isEmpty());
        }
        Path half = Files.createDirectories(folder.resolve("half"));
        try (TrainingLoop<?> loop = openPairs(loss, Optional.empty())) {
            loop.train(2, () -> false, results::add);
            loop.save(half);
        }
        assertThat(results).extracting(StepResult::loss).doesNotHaveDuplicates();
        try (TrainingLoop<?> loop = openPairs(loss, Optional.of(half))) {
            same(straight, trained(loop, 4));
        }
    }

    private TrainingLoop<?> openPairs(
            BiFunction<TrainingPass, List<PairObjective.Pair>, NDArray> loss, Optional<Path> checkpoint)
            throws Exception {
        List<TokenIds> texts =
                lesson.examples().training().stream().map(LabelledText::tokens).toList();
        List<PairObjective.Pair> pairs = IntStream.range(0, texts.size() / 2)
                .mapToObj(i -> new PairObjective.Pair(texts.get(2 * i), texts.get(2 * i + 1)))
                .toList();
        TrainingTask<PairObjective.Pair> task =
                new TrainingTask<>(new PairObjective(loss), lesson.classifier(), new TrainingSet<>(pairs, List.of()));
        return TrainingLoop.open(task, Options.of(Map.of("numTrainEpochs", 1)), ComputeDevice.CPU, work(), checkpoint);
    }

    private static float[][] logits(TrainingLoop<?> loop, Lesson lesson) {
        float[][] all = new float[lesson.probes().size()][];
        loop.evaluation(loop.step()).forEachBatch(lesson.probes(), (positions, logits) -> {
            float[] values = logits.toFloatArray();
            int labels = values.length / positions.size();
            for (int i = 0; i < positions.size(); i++) {
                all[positions.get(i)] = Arrays.copyOfRange(values, i * labels, (i + 1) * labels);
            }
        });
        return all;
    }

    private static void same(Path one, Path other) {
        for (String name : List.of("model.safetensors", "saved/optimizer.safetensors", "saved/state.json")) {
            assertThat(other.resolve(name)).hasSameBinaryContentAs(one.resolve(name));
        }
    }

    private Path trained(long steps) throws Exception {
        try (TrainingLoop<?> loop = open(Optional.empty())) {
            return trained(loop, steps);
        }
    }

    /** The exported model, and below it the checkpoint. */
    private Path trained(TrainingLoop<?> loop, long steps) throws Exception {
        loop.train(steps, () -> false, result -> {});
        Path exported = work();
        loop.export(exported);
        loop.save(Files.createDirectory(exported.resolve("saved")));
        return exported;
    }

    private TrainingLoop<?> open(Optional<Path> checkpoint) throws Exception {
        return TrainingLoop.open(lesson.task(), options, ComputeDevice.CPU, work(), checkpoint);
    }

    private Path work() throws Exception {
        return Files.createTempDirectory(folder, "work");
    }
}
