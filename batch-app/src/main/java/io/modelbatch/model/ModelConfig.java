package io.modelbatch.model;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * What {@code config.json} says of a model.
 *
 * @param modelType the architecture, {@code bert} for one
 * @param sizes the encoder's dimensions
 * @param numerics constants of its arithmetic
 * @param dropout shares of numbers dropped while training
 * @param head the meaning of what comes out
 * @param padTokenId the id that fills a batch's rows
 * @param json the whole file, including what is not read here
 */
public record ModelConfig(
        String modelType, Sizes sizes, Numerics numerics, Dropout dropout, Head head, int padTokenId, String json) {
    /**
     * An encoder's dimensions.
     *
     * @param vocabulary number of token ids
     * @param positions the longest sequence, in tokens
     * @param tokenTypes number of token types
     * @param layers number of blocks
     * @param hidden numbers per token
     * @param heads attention heads, a divisor of {@code hidden}
     * @param intermediate numbers per token inside a block
     */
    public record Sizes(
            int vocabulary, int positions, int tokenTypes, int layers, int hidden, int heads, int intermediate) {}

    /**
     * Constants of an encoder's arithmetic.
     *
     * @param activation the non-linearity
     * @param layerNormEps what keeps a layer norm from dividing by zero
     * @param initializerRange standard deviation of newly initialised weights
     */
    public record Numerics(Activation activation, double layerNormEps, double initializerRange) {}

    /** Shares of hidden numbers, attention weights and the classifier's inputs that are dropped while training. */
    public record Dropout(double hidden, double attention, double classifier) {}

    /**
     * The meaning of what comes out.
     *
     * @param problemType empty where the file leaves it open, as most do
     * @param labels the labels by number
     */
    public record Head(Optional<ProblemType> problemType, List<String> labels) {
        /** Copies the labels. */
        public Head {
            labels = List.copyOf(labels);
        }
    }

    /**
     * Reads a {@code config.json}.
     *
     * @param file where it came from, for the message
     * @throws ModelException when it is no config, or asks for something that would be computed wrongly here
     */
    public static ModelConfig parse(byte[] content, Path file) {
        return new ConfigReader(Json.object(content, file), file).read();
    }

    /** The same encoder with another head; so is {@link #json}, which then also names the class and float32. */
    public ModelConfig withHead(ProblemType problemType, List<String> labels) {
        Head head = new Head(Optional.of(problemType), labels);
        return new ModelConfig(
                modelType, sizes, numerics, dropout, head, padTokenId, ConfigReader.withHead(json, modelType, head));
    }
}
