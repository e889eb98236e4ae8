package io.modelbatch.training;

import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.Safetensors;
import io.modelbatch.model.tensor.SafetensorsWriter;
import io.modelbatch.model.tensor.Tensor;
import io.modelbatch.training.optimizer.Optimizer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state from which a training resumes.
 *
 * @param weights the current weights, by name
 * @param memory the optimizer's state, by {@link Optimizer#memory}'s names; empty before the first step
 * @param state the progress of the training
 */
record Checkpoint(Map<String, Tensor> weights, Map<String, Tensor> memory, TrainingState state) {
    private static final String WEIGHTS = "model.safetensors";
    private static final String MEMORY = "optimizer.safetensors";
    private static final String STATE = "state.json";
    private static final String WAY_OUT = "; again=true starts a new run";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Before the first step. */
    static Checkpoint beginning(Collection<Tensor> weights, String plan) {
        return new Checkpoint(byName(weights), Map.of(), new TrainingState(plan, 0, 0, List.of(), null));
    }

    /** With tensors that may still change: they are read when the checkpoint is saved. */
    static Checkpoint of(Collection<Tensor> weights, Collection<Tensor> memory, TrainingState state) {
        return new Checkpoint(byName(weights), byName(memory), state);
    }

    /**
     * Reads what {@link #save} wrote.
     *
     * @param beginning where the training began: the same plan, and tensors of the same names and shapes
     * @param steps optimizer steps of the whole training
     * @throws ModelException when a file is missing or damaged, or belongs to another plan
     */
    static Checkpoint open(Path folder, Checkpoint beginning, long steps) throws IOException {
        TrainingState state = state(folder.resolve(STATE), beginning.state().plan(), steps);
        Collection<Tensor> weights = beginning.weights().values();
        return new Checkpoint(
                tensors(folder.resolve(WEIGHTS), shapes(weights, List.of(""))),
                tensors(folder.resolve(MEMORY), shapes(weights, Optimizer.REMEMBERED)),
                state);
    }

    /** Writes itself into an empty folder. */
    void save(Path folder) throws IOException {
        SafetensorsWriter.write(folder.resolve(WEIGHTS), weights.values());
        SafetensorsWriter.write(folder.resolve(MEMORY), memory.values());
        Files.write(folder.resolve(STATE), JSON.writeValueAsBytes(state));
    }

    private static Map<String, Tensor> tensors(Path file, Map<String, List<Long>> shapes) throws IOException {
        requireFile(file);
        Map<String, Tensor> tensors = read(file);
        shapes.forEach((name, shape) -> {
            Tensor tensor = tensors.get(name);
            if (tensor == null || !tensor.shape().equals(shape)) {
                throw new ModelException(file + " has no tensor " + name + " of shape " + shape
                        + "; it is not a checkpoint of this training" + WAY_OUT);
            }
        });
        return tensors;
    }

    private static Map<String, Tensor> read(Path file) throws IOException {
        try {
            return Safetensors.open(file).tensors();
        } catch (ModelException e) {
            throw new ModelException(e.getMessage() + WAY_OUT, e);
        }
    }

    private static TrainingState state(Path file, String plan, long steps) throws IOException {
        requireFile(file);
        TrainingState state = parsed(file)
                .filter(read -> read.step() >= 0 && read.step() <= steps)
                .orElseThrow(
                        () -> new ModelException(file + " is damaged: it names no step of this training" + WAY_OUT));
        if (!plan.equals(state.plan())) {
            throw new ModelException(file + " belongs to a training with other options, rows or base model" + WAY_OUT);
        }
        return state;
    }

    private static Optional<TrainingState> parsed(Path file) throws IOException {
        try {
            return Optional.ofNullable(JSON.readValue(Files.readAllBytes(file), TrainingState.class));
        } catch (JacksonException e) {
            throw new ModelException(file + " is damaged: " + e.getOriginalMessage() + WAY_OUT, e);
        }
    }

    private static void requireFile(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new ModelException(file + " is missing, so the checkpoint is incomplete" + WAY_OUT);
        }
    }

    private static Map<String, List<Long>> shapes(Collection<Tensor> weights, List<String> prefixes) {
        return prefixes.stream()
                .flatMap(prefix -> weights.stream().map(weight -> Map.entry(prefix + weight.name(), weight.shape())))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<String, Tensor> byName(Collection<Tensor> tensors) {
        return tensors.stream().collect(Collectors.toMap(Tensor::name, Function.identity()));
    }
}
