package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.Network;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.SafetensorsWriter;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A model for a task: an encoder, and the head that makes answers of its numbers. */
public final class TaskModel implements AnsweringModel {
    private final PretrainedModel origin;
    private final ModelConfig config;
    private final Head head;
    private final TextRules texts;
    private final Network network;
    private final Map<String, Tensor> weights;
    private final List<String> initialised;

    TaskModel(
            PretrainedModel origin,
            ModelConfig config,
            Head head,
            TextRules texts,
            Map<String, Tensor> weights,
            List<String> initialised) {
        this.origin = origin;
        this.config = config;
        this.head = head;
        this.texts = texts;
        this.network = Network.of(config, head);
        this.weights = weights;
        this.initialised = initialised;
    }

    @Override
    public DisplayPath directory() {
        return origin.directory();
    }

    /** SHA-256, in hexadecimal, over the files that it comes from. */
    public String fingerprint() {
        return origin.fingerprint();
    }

    @Override
    public Head head() {
        return head;
    }

    /** Its sizes and labels. */
    public ModelConfig config() {
        return config;
    }

    @Override
    public ModelConfig.Sizes sizes() {
        return config.sizes();
    }

    @Override
    public int padTokenId() {
        return config.padTokenId();
    }

    /** As {@link Network#script} writes it. */
    @Override
    public ArchiveCall call() {
        return ArchiveCall.of(
                List.of(ArchiveCall.Input.values()), "", head, config.sizes().hidden());
    }

    @Override
    public List<Precision> precisions() {
        return List.of(Precision.values());
    }

    @Override
    public TextRules texts() {
        return texts;
    }

    /** The same model, which pools none of the first tokens of each text where the prompt's are not to count. */
    public TaskModel withPromptOf(int tokens) {
        return texts.poolsPrompt() || !(head instanceof Head.Embedding embedding)
                ? this
                : new TaskModel(origin, config, embedding.excluding(tokens), texts, weights, initialised);
    }

    /** All its tensors, under the names that Hugging Face gives them. */
    public List<Tensor> weights() {
        return List.copyOf(weights.values());
    }

    @Override
    public OptionalLong multiplicationsPerToken() {
        return OptionalLong.of(network.multiplicationsPerToken());
    }

    /** The names of the tensors that are not from the directory but newly initialised. */
    public List<String> initialised() {
        return initialised;
    }

    /** Its computation, as {@link Network#script} says. */
    public ScriptModule script(ArchiveVariant variant) {
        return network.script(weights, variant);
    }

    /**
     * Writes a directory that {@code from_pretrained} loads: this config, float32 weights, and the tokenizer's files as they
     * are.
     *
     * @param target a new or an empty directory
     * @param learned a tensor for each of {@link #weights}, of the same name and shape
     * @throws ModelException when a tensor is missing, unknown, of another shape, or not finite
     */
    public void save(Path target, Collection<Tensor> learned) throws IOException {
        Map<String, List<Long>> expected = shapes(weights.values());
        if (!shapes(learned).equals(expected)) {
            throw new ModelException(
                    "The learned tensors " + shapes(learned) + " are not those of the model: " + expected);
        }
        Files.createDirectories(target);
        Files.writeString(
                target.resolve(ModelFiles.CONFIG),
                config.json(),
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE_NEW);
        SafetensorsWriter.write(target.resolve(ModelFiles.WEIGHTS), learned);
        for (String name : ModelFiles.list(directory().path())) {
            if (!name.equals(ModelFiles.CONFIG) && !name.equals(ModelFiles.INDEX) && !name.endsWith(".safetensors")) {
                Files.createDirectories(target.resolve(name).getParent());
                Files.copy(directory().path().resolve(name), target.resolve(name));
            }
        }
    }

    private static Map<String, List<Long>> shapes(Collection<Tensor> tensors) {
        return tensors.stream()
                .collect(Collectors.toMap(Tensor::name, Tensor::shape, (first, second) -> first, TreeMap::new));
    }
}
