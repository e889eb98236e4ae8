package io.modelbatch.model.architecture;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.Json;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The content of a model's {@code config.json}.
 *
 * @param modelType the architecture, {@code bert} for one
 * @param sizes vocabulary, maximum length and hidden size of the encoder
 * @param problemType the meaning of a classifier's numbers; empty where the file leaves it open, as most do
 * @param labels the labels by number
 * @param padTokenId the id that fills a batch's rows
 * @param json the whole file, including what is not read here
 */
public record ModelConfig(
        String modelType,
        Sizes sizes,
        Optional<ProblemType> problemType,
        List<String> labels,
        int padTokenId,
        String json) {
    /** Copies the labels. */
    public ModelConfig {
        labels = List.copyOf(labels);
    }

    /**
     * An encoder's dimensions.
     *
     * @param vocabulary number of token ids
     * @param positions the longest sequence, in tokens
     * @param hidden numbers per token
     * @param tokenTypes number of token types; 0 where it does not look at them
     */
    public record Sizes(int vocabulary, int positions, int hidden, int tokenTypes) {}

    /**
     * Reads a {@code config.json}.
     *
     * @param file where it came from, for the message
     * @throws io.modelbatch.model.tensor.ModelException when it is not a config, or asks for something that would be computed wrongly
     *     here
     */
    public static ModelConfig parse(byte[] content, DisplayPath file) {
        return new ConfigReader(Json.object(content, file), file).read();
    }

    /** The same encoder with another classifier; so is {@link #json}, which then also names the class and float32. */
    public ModelConfig withLabels(ProblemType learned, List<String> names) {
        return new ModelConfig(
                modelType,
                sizes,
                Optional.of(learned),
                names,
                padTokenId,
                ConfigReader.withLabels(json, encoder().className() + "ForSequenceClassification", learned, names));
    }

    /** The standard deviation of newly initialised weights. */
    public double initializerRange() {
        return encoder().initializerRange();
    }

    Encoder encoder() {
        DisplayPath file = DisplayPath.of(Path.of("config.json"));
        ConfigReader reader = new ConfigReader(Json.object(json.getBytes(StandardCharsets.UTF_8), file), file);
        return Architectures.named(modelType, file).encoder(reader);
    }
}
