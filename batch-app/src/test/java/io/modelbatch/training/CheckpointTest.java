package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.facts.Trained;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.SafetensorsWriter;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.training.optimizer.Optimizer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
    private static final List<Tensor> WEIGHTS =
            List.of(tensor("linear.weight", 2, 3), tensor("linear.bias", 2), tensor("scale"));
    private static final List<Tensor> MEMORY = Optimizer.REMEMBERED.stream()
            .flatMap(prefix -> WEIGHTS.stream()
                    .map(weight -> Tensor.of(
                            prefix + weight.name(),
                            weight.shape(),
                            () -> new float[Math.toIntExact(weight.elements())])))
            .toList();
    private static final Checkpoint BEGINNING = Checkpoint.beginning(WEIGHTS, "plan");
    private static final long STEPS = 8;
    private static final Curve CURVE = new Curve(List.of(new Trained.Point(4, 0.5, 0.001)), 0.25, 1);

    @TempDir
    Path folder;

    @BeforeEach
    void save() throws Exception {
        TrainingState state = new TrainingState(
                "plan", 5, 1.25, List.of(new Trained.Epoch(1, 0.5, Map.of("accuracy", Double.NaN))), CURVE);
        Checkpoint.of(WEIGHTS, MEMORY, state).save(folder);
    }

    @Test
    void opensWhatItSaved() throws Exception {
        Checkpoint opened = Checkpoint.open(folder, BEGINNING, STEPS);
        assertThat(opened.state())
                .isEqualTo(new TrainingState(
                        "plan", 5, 1.25, List.of(new Trained.Epoch(1, 0.5, Map.of("accuracy", Double.NaN))), CURVE));
        assertThat(opened.memory()).hasSize(6).containsKeys("exp_avg.scale", "exp_avg_sq.linear.bias");
        for (Tensor weight : WEIGHTS) {
            Tensor read = opened.weights().get(weight.name());
            assertThat(read).isNotNull();
            assertThat(read.values()).containsExactly(weight.values());
        }
    }

    /** Text that an earlier version wrote. */
    @Test
    void theStateIsReadAndWrittenAsBeforeThereWereOtherObjectives() throws Exception {
        String text =
                "{\"plan\":\"plan\",\"step\":5,\"loss\":1.25,\"epochs\":[{\"epoch\":1,\"loss\":0.5,\"accuracy\":0.75}]}";
        Files.writeString(folder.resolve("state.json"), text);

        Checkpoint opened = Checkpoint.open(folder, BEGINNING, STEPS);

        assertThat(opened.state().epochs()).containsExactly(new Trained.Epoch(1, 0.5, Map.of("accuracy", 0.75)));
        Path again = Files.createDirectory(folder.resolve("again"));
        opened.save(again);
        assertThat(again.resolve("state.json")).hasContent(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"model.safetensors", "optimizer.safetensors", "state.json"})
    void refusesACheckpointThatIsNotWhole(String name) throws Exception {
        Path file = folder.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        for (int length : new int[] {0, 5, whole.length / 2, whole.length - 1}) {
            Files.write(file, Arrays.copyOf(whole, length));
            refused(name);
        }
        Files.delete(file);
        refused(name, "is missing");
        Files.createDirectory(file);
        refused(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "null| names no step",
                "{}| is damaged",
                "[]| is damaged",
                "nonsense| is damaged",
                "{\"plan\":\"plan\",\"step\":-1,\"loss\":0,\"epochs\":[]}| names no step",
                "{\"plan\":\"plan\",\"step\":9,\"loss\":0,\"epochs\":[]}| names no step",
                "{\"plan\":\"plan\",\"step\":5,\"loss\":0}| is damaged",
                "{\"plan\":\"plan\",\"step\":5,\"loss\":0,\"epochs\":[null]}| is damaged",
                "{\"plan\":null,\"step\":5,\"loss\":0,\"epochs\":[]}| belongs to",
                "{\"plan\":\"other\",\"step\":5,\"loss\":0,\"epochs\":[]}| belongs to a training with other options",
            })
    void refusesAStateThatIsNotItsOwn(String json, String cause) throws Exception {
        Files.writeString(folder.resolve("state.json"), json);
        refused("state.json", cause);
    }

    @ParameterizedTest
    @CsvSource({
        "model.safetensors, linear.bias",
        "model.safetensors, scale",
        "optimizer.safetensors, exp_avg.linear.weight",
        "optimizer.safetensors, exp_avg_sq.scale"
    })
    void refusesACheckpointThatLacksATensor(String name, String lacking) throws Exception {
        List<Tensor> others = (name.startsWith("model") ? WEIGHTS : MEMORY)
                .stream().filter(tensor -> !tensor.name().equals(lacking)).toList();
        rewrite(name, others);
        refused(name, "has no tensor " + lacking);
        rewrite(
                name,
                Stream.concat(others.stream(), Stream.of(tensor(lacking, 7))).toList());
        refused(name, "has no tensor " + lacking);
    }

    private void rewrite(String name, List<Tensor> tensors) throws Exception {
        Files.delete(folder.resolve(name));
        SafetensorsWriter.write(folder.resolve(name), tensors);
    }

    private void refused(String... parts) {
        assertThatThrownBy(() -> Checkpoint.open(folder, BEGINNING, STEPS))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining(folder.toString())
                .hasMessageContaining("again=true starts a new run")
                .hasMessageContainingAll(parts);
    }

    private static Tensor tensor(String name, long... shape) {
        int elements = (int) Arrays.stream(shape).reduce(1, (one, other) -> one * other);
        float[] values = new float[elements];
        for (int i = 0; i < elements; i++) {
            values[i] = i - 0.5f;
        }
        return Tensor.of(name, Arrays.stream(shape).boxed().toList(), () -> values);
    }
}
