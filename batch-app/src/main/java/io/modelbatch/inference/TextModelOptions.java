package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.PromptChoice;
import java.util.List;
import java.util.OptionalInt;

/**
 * Settings by which a model runs.
 *
 * @param devices the devices that compute: the processor, or GPUs
 * @param threads cores that compute, where the processor does
 * @param tokenBudget tokens of a forward pass, padding included; empty to find the best by measuring
 * @param maxLength tokens that the model reads of a text at a time; empty for the model's own limit
 * @param answer the kind of an answer
 * @param longText the way in which a longer text is handled
 * @param prompt the text that is put before every text
 */
public record TextModelOptions(
        List<ComputeDevice> devices,
        int threads,
        OptionalInt tokenBudget,
        OptionalInt maxLength,
        AnswerOptions answer,
        LongText longText,
        PromptChoice prompt) {
    /** The treatment of a text that is longer than the model can read. */
    public enum LongText {
        /** It is truncated there. */
        TRUNCATE,
        /** It is read in overlapping windows. */
        CHUNK
    }

    /**
     * The content of an answer.
     *
     * @param topK the best few labels instead of the best one; empty for what fits the model
     * @param aggregation the method by which tokens become entities
     */
    public record AnswerOptions(OptionalInt topK, TokenAggregation aggregation) {}

    /** Refuses numbers that ask for nothing. */
    public TextModelOptions {
        devices = List.copyOf(devices);
        if (devices.isEmpty()
                || threads < 1
                || tokenBudget.orElse(1) < 1
                || maxLength.orElse(1) < 1
                || answer.topK().orElse(1) < 1) {
            throw new IllegalArgumentException("Devices " + devices + ", threads " + threads + ", token budget "
                    + tokenBudget + ", max-length " + maxLength + ", top-k " + answer.topK() + ": none may be below 1");
        }
    }

    /** The model's own way, on devices. */
    public static TextModelOptions on(ComputeDevice... devices) {
        return new TextModelOptions(
                List.of(devices),
                ComputeEngine.processors(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                new AnswerOptions(OptionalInt.empty(), TokenAggregation.SIMPLE),
                LongText.TRUNCATE,
                PromptChoice.DEFAULT);
    }

    /** With so many cores. */
    public TextModelOptions withThreads(int cores) {
        return new TextModelOptions(devices, cores, tokenBudget, maxLength, answer, longText, prompt);
    }

    /** With another longest text. */
    public TextModelOptions withMaxLength(OptionalInt longest) {
        return new TextModelOptions(devices, threads, tokenBudget, longest, answer, longText, prompt);
    }

    /** With another number of labels. */
    public TextModelOptions withTopK(OptionalInt labels) {
        return new TextModelOptions(
                devices,
                threads,
                tokenBudget,
                maxLength,
                new AnswerOptions(labels, answer.aggregation()),
                longText,
                prompt);
    }

    /** With a fixed size of a forward pass. */
    public TextModelOptions withTokenBudget(int tokens) {
        return new TextModelOptions(devices, threads, OptionalInt.of(tokens), maxLength, answer, longText, prompt);
    }

    /** With another way to read long texts. */
    public TextModelOptions withLongText(LongText way) {
        return new TextModelOptions(devices, threads, tokenBudget, maxLength, answer, way, prompt);
    }

    /** With a prompt. */
    public TextModelOptions withPrompt(PromptChoice asked) {
        return new TextModelOptions(devices, threads, tokenBudget, maxLength, answer, longText, asked);
    }

    /** True if GPUs compute. */
    boolean onCards() {
        return devices.get(0).kind() == ComputeDevice.Kind.GPU;
    }

    /** With another way to make entities of tokens. */
    public TextModelOptions withAggregation(TokenAggregation way) {
        return new TextModelOptions(
                devices, threads, tokenBudget, maxLength, new AnswerOptions(answer.topK(), way), longText, prompt);
    }
}
