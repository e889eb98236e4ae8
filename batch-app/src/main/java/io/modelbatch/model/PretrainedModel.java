package io.modelbatch.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** A model directory as {@code save_pretrained} leaves it, whose files were found whole and consistent. */
public final class PretrainedModel {
    private final Path directory;
    private final ModelConfig config;
    private final Architecture architecture;
    private final Map<String, Tensor> stored;
    private final String fingerprint;

    private PretrainedModel(Path directory, ModelConfig config, Map<String, Tensor> stored) throws IOException {
        this.directory = directory;
        this.config = config;
        this.architecture = Architectures.named(config.modelType(), directory.resolve(ModelFiles.CONFIG));
        this.stored = stored;
        this.fingerprint = ModelFiles.fingerprint(directory);
    }

    /**
     * Verifies a directory: its files, its config, and that the encoder's tensors are there in the right shapes.
     *
     * @throws ModelException when it is not such a directory, or an architecture that is not known here
     * @throws IOException when the disk fails
     */
    public static PretrainedModel open(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ModelException(
                    directory + " is no directory; a model is a directory as save_pretrained leaves it");
        }
        try (Stream<Path> files = Files.list(directory)) {
            List<String> names =
                    files.map(file -> file.getFileName().toString()).toList();
            ModelFiles.requireWhole(names, directory.toString());
        }
        Path file = directory.resolve(ModelFiles.CONFIG);
        ModelConfig config = ModelConfig.parse(Files.readAllBytes(file), file);
        PretrainedModel model = new PretrainedModel(directory, config, StoredWeights.open(directory));
        model.required(model.architecture.encoder(config));
        return model;
    }

    /** Where it lies. */
    public Path directory() {
        return directory;
    }

    /** What its {@code config.json} says. */
    public ModelConfig config() {
        return config;
    }

    /** SHA-256, in hexadecimal, over the names and contents of its files. */
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * The model as a classifier of whole texts, as it was trained.
     *
     * @throws ModelException when the classifier's tensors are missing: the model was not fine-tuned for that
     */
    public SequenceClassifier classifier() {
        Map<String, Tensor> weights = required(architecture.encoder(config));
        weights.putAll(required(architecture.classifier(config)));
        return new SequenceClassifier(this, config, architecture, weights, List.of());
    }

    /** The labels that its classifier was trained for, by number; empty when it has no classifier. */
    public Optional<List<String>> learnedLabels() {
        boolean classifies = architecture.classifier(config).entrySet().stream()
                .allMatch(tensor -> find(tensor.getKey(), tensor.getValue()).isPresent());
        return classifies ? Optional.of(config.head().labels()) : Optional.empty();
    }

    /**
     * The model as the start of a fine-tuning. A pooler that is missing is initialised, and so is the classifier unless the
     * model already has one for the same labels: weights from N(0, {@code initializer_range}), biases zero, as
     * transformers does it.
     *
     * @param labels the labels to learn, by number
     * @param seed the same seed gives the same weights
     */
    public SequenceClassifier forFineTuning(ProblemType problemType, List<String> labels, long seed) {
        ModelConfig learned = config.withHead(problemType, labels);
        boolean sameLabels = config.head().labels().equals(labels);
        Map<String, Tensor> weights = required(architecture.encoder(config));
        Map<String, Tensor> initialised = new LinkedHashMap<>();
        architecture.classifier(learned).forEach((name, shape) -> {
            Optional<Tensor> known =
                    sameLabels || !name.startsWith("classifier.") ? find(name, shape) : Optional.empty();
            if (known.isEmpty()) {
                initialised.put(
                        name,
                        Initialisation.normal(name, shape, learned.numerics().initializerRange(), seed));
            }
            weights.put(name, known.orElseGet(() -> initialised.get(name)));
        });
        return new SequenceClassifier(this, learned, architecture, weights, List.copyOf(initialised.keySet()));
    }

    private Map<String, Tensor> required(Map<String, List<Long>> shapes) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> found.put(
                name,
                find(name, shape)
                        .orElseThrow(() -> new ModelException(directory + ": tensor " + name
                                + " is missing, expected with shape " + shape
                                + (name.startsWith("classifier.")
                                        ? "; the model was not fine-tuned to classify, train it first"
                                        : "; copy the whole directory again")))));
        return found;
    }

    private Optional<Tensor> find(String name, List<Long> shape) {
        for (String fileName : architecture.fileNames(name)) {
            if (stored.get(fileName) instanceof StoredTensor tensor) {
                tensor.dtype();
                if (!tensor.shape().equals(shape)) {
                    throw new ModelException(tensor.file() + ": tensor " + fileName + " has shape " + tensor.shape()
                            + ", config.json makes it " + shape + "; the two do not belong together");
                }
                return Optional.of(tensor.named(name));
            }
        }
        return Optional.empty();
    }
}
