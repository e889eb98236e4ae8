package io.modelbatch.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A model that classifies whole texts: an encoder, and what makes logits of its first token. */
public final class SequenceClassifier {
    private final PretrainedModel origin;
    private final ModelConfig config;
    private final Architecture architecture;
    private final Map<String, Tensor> weights;
    private final List<String> initialised;

    SequenceClassifier(
            PretrainedModel origin,
            ModelConfig config,
            Architecture architecture,
            Map<String, Tensor> weights,
            List<String> initialised) {
        this.origin = origin;
        this.config = config;
        this.architecture = architecture;
        this.weights = weights;
        this.initialised = initialised;
    }

    /** The directory that its tokenizer and its stored weights are in. */
    public Path directory() {
        return origin.directory();
    }

    /** SHA-256, in hexadecimal, over the files that it comes from. */
    public String fingerprint() {
        return origin.fingerprint();
    }

    /** Its sizes and labels. */
    public ModelConfig config() {
        return config;
    }

    /** All its tensors, under the names that Hugging Face gives them. */
    public List<Tensor> weights() {
        return List.copyOf(weights.values());
    }

    /** The names of the tensors that are not from the directory but newly initialised. */
    public List<String> initialised() {
        return initialised;
    }

    /**
     * The module {@code forward(input_ids, attention_mask, token_type_ids: int64 [rows, width]) -> float32 [rows, labels]}.
     * The mask is 1 on tokens and 0 on padding; every row has a token.
     */
    public ScriptModule script(ArchiveVariant variant) {
        return architecture.script(config, weights, variant);
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
        for (String name : ModelFiles.list(directory())) {
            if (!name.equals(ModelFiles.CONFIG) && !name.equals(ModelFiles.INDEX) && !name.endsWith(".safetensors")) {
                Files.copy(directory().resolve(name), target.resolve(name));
            }
        }
    }

    private static Map<String, List<Long>> shapes(Collection<Tensor> tensors) {
        return tensors.stream()
                .collect(Collectors.toMap(Tensor::name, Tensor::shape, (first, second) -> first, TreeMap::new));
    }
}
