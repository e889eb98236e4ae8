package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.Network;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.model.script.Parameter;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.model.tensor.StoredTensor;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A model directory as {@code save_pretrained} leaves it, whose files were found whole and consistent. */
public final class PretrainedModel implements ModelDirectory {
    /** The prefix of a classifier's tensors, in every architecture. */
    private static final String CLASSIFIER = "classifier.";

    private final DisplayPath directory;
    private final ModelConfig config;
    private final Map<String, Tensor> stored;
    private final String fingerprint;

    private PretrainedModel(DisplayPath directory, ModelConfig config, Map<String, Tensor> stored, String fingerprint) {
        this.directory = directory;
        this.config = config;
        this.stored = stored;
        this.fingerprint = fingerprint;
    }

    /**
     * Verifies a directory: its files, its config, and that the encoder's tensors are there in the right shapes.
     *
     * @throws ModelException when it is not such a directory, or an architecture that is not known here
     * @throws IOException when the disk fails
     */
    public static PretrainedModel open(Path directory) throws IOException {
        return open(DisplayPath.of(directory));
    }

    static PretrainedModel open(DisplayPath directory) throws IOException {
        PretrainedModel verified = verified(directory);
        return new PretrainedModel(directory, verified.config, verified.stored, ModelFiles.fingerprint(directory));
    }

    /** To be looked at, not to be used: it has no fingerprint, which would need all weights to be read. */
    static PretrainedModel verified(DisplayPath directory) throws IOException {
        if (!Files.isDirectory(directory.path())) {
            throw new ModelException(
                    directory + " is not a directory; a model is a directory as save_pretrained leaves it");
        }
        List<String> names = ModelFiles.names(directory.path());
        if (names.contains(ModelFiles.DESCRIPTION)) {
            throw cannotLearn(directory.toString());
        }
        ModelFiles.requireWhole(names, directory.toString());
        DisplayPath file = directory.resolve(ModelFiles.CONFIG);
        ModelConfig config = ModelConfig.parse(ModelFile.json(file), file);
        PretrainedModel model = new PretrainedModel(directory, config, StoredWeights.open(directory), "");
        model.required(model.encoder(), model.stored);
        return model;
    }

    /** A TorchScript archive is where a model as this one was asked for. */
    static ModelException cannotLearn(String where) {
        return new ModelException(where + " is a TorchScript archive, which answers but cannot be trained, evaluated or"
                + " published; a model for that is a directory as save_pretrained leaves it");
    }

    @Override
    public DisplayPath directory() {
        return directory;
    }

    /** Its {@code config.json}. */
    public ModelConfig config() {
        return config;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    /**
     * The model for a task that it was trained for.
     *
     * @throws ModelException when tensors of the task's head are missing: the model was not fine-tuned for that
     */
    @Override
    public TaskModel forTask(Task task) throws IOException {
        return switch (task) {
            case TEXT_CLASSIFICATION ->
                answering(new Head.TextClassification(config.problemType(), config.labels()), TextRules.NONE, stored);
            case TOKEN_CLASSIFICATION ->
                answering(new Head.TokenClassification(config.labels()), TextRules.NONE, stored);
            case FEATURE_EXTRACTION -> {
                SentenceModules modules = SentenceModules.read(directory);
                Map<String, Tensor> all = new HashMap<>(stored);
                all.putAll(modules.weights());
                yield answering(modules.head(), modules.rules(), all);
            }
        };
    }

    private TaskModel answering(Head head, TextRules rules, Map<String, Tensor> tensors) {
        Network network = Network.of(config, head);
        return new TaskModel(this, config, head, rules, required(network, tensors), List.of());
    }

    /** The labels that its classifier of texts was trained for, by number; empty when it has no such classifier. */
    public Optional<List<String>> learnedLabels() {
        Network network = Network.of(config, new Head.TextClassification(config.problemType(), config.labels()));
        boolean classifies = network.parameters().stream()
                .allMatch(parameter -> find(network, parameter, stored).isPresent());
        return classifies ? Optional.of(config.labels()) : Optional.empty();
    }

    /**
     * The model as the start of a fine-tuning that classifies texts. What the head lacks is initialised, and so is the classifier
     * unless the model already has one for the same labels: weights from N(0, {@code initializer_range}), biases zero, as
     * transformers does it.
     *
     * @param labels the labels to learn, by number
     * @param seed the same seed gives the same weights
     */
    public TaskModel forFineTuning(ProblemType problemType, List<String> labels, long seed) {
        ModelConfig learned = config.withLabels(problemType, labels);
        Head head = new Head.TextClassification(Optional.of(problemType), labels);
        Network network = Network.of(learned, head);
        boolean sameLabels = config.labels().equals(labels);
        Map<String, Tensor> weights = new LinkedHashMap<>();
        List<String> initialised = new ArrayList<>();
        Set<Parameter> ofEncoder = Set.copyOf(network.encoderParameters());
        for (Parameter parameter : network.parameters()) {
            Optional<Tensor> known = sameLabels || !parameter.name().startsWith(CLASSIFIER)
                    ? find(network, parameter, stored)
                    : Optional.empty();
            if (known.isEmpty() && !ofEncoder.contains(parameter)) {
                initialised.add(parameter.name());
                known = Optional.of(Initialisation.of(parameter, learned.initializerRange(), seed));
            }
            weights.put(parameter.name(), known.orElseThrow(() -> missing(network, parameter)));
        }
        return new TaskModel(this, learned, head, TextRules.NONE, weights, initialised);
    }

    private Map<String, Tensor> required(Network network, Map<String, Tensor> tensors) {
        Map<String, Tensor> found = new LinkedHashMap<>();
        for (Parameter parameter : network.parameters()) {
            found.put(
                    parameter.name(), find(network, parameter, tensors).orElseThrow(() -> missing(network, parameter)));
        }
        return found;
    }

    /** The encoder alone. */
    private Network encoder() {
        return Network.of(config, new Head.Embedding(Head.Pooling.CLS, Head.Scale.AS_IT_IS));
    }

    private ModelException missing(Network network, Parameter parameter) {
        Optional<String> longer = stored.keySet().stream()
                .filter(name -> name.endsWith("." + parameter.name()))
                .findFirst();
        if (longer.isPresent()) {
            return new ModelException(directory + ": tensor " + parameter.name() + " is missing, but there is "
                    + longer.get() + ". If all names have that prefix, remove it once, in Python: "
                    + unprefixed(longer.get()
                            .substring(
                                    0, longer.get().length() - parameter.name().length())));
        }
        return new ModelException(directory + ": tensor " + parameter.name() + " is missing, expected with shape "
                + parameter.shape()
                + (network.encoderParameters().contains(parameter)
                        ? "; copy the whole directory again"
                        : "; the model was not fine-tuned to classify, train it first"));
    }

    /** Writes another file, for the one that is read is mapped into memory meanwhile. */
    private static String unprefixed(String prefix) {
        return "from safetensors.torch import load_file, save_file;"
                + " save_file({name.removeprefix('" + prefix + "'): tensor for name, tensor in"
                + " load_file('DIRECTORY/" + ModelFiles.WEIGHTS + "').items()}, 'NEW/" + ModelFiles.WEIGHTS
                + "', {'format': 'pt'}), with copies of the other files in NEW";
    }

    private Optional<Tensor> find(Network network, Parameter parameter, Map<String, Tensor> tensors) {
        for (String fileName : network.fileNames(parameter.name())) {
            if (tensors.get(fileName) instanceof StoredTensor tensor) {
                tensor.dtype();
                if (!tensor.shape().equals(parameter.shape())) {
                    throw new ModelException(tensor.file() + ": tensor " + fileName + " has shape " + tensor.shape()
                            + ", config.json makes it " + parameter.shape()
                            + "; the two files belong to different models");
                }
                return Optional.of(tensor.named(parameter.name()));
            }
        }
        return Optional.empty();
    }
}
