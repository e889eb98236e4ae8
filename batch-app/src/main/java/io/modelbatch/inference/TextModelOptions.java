package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import java.util.List;
import java.util.OptionalInt;

/**
 * How a model is run.
 *
 * @param devices what computes: the processor, or cards
 * @param threads cores that compute, where the processor does
 * @param tokenBudget tokens of a forward pass, padding included; empty to find the best by measuring
 * @param maxLength tokens that the model reads of a text at a time; empty for the model's own limit
 * @param topK the best few labels instead of the best one; empty for what fits the model
 * @param longText what becomes of a longer text
 */
public record TextModelOptions(
        List<ComputeDevice> devices,
        int threads,
        OptionalInt tokenBudget,
        OptionalInt maxLength,
        OptionalInt topK,
        LongText longText) {
    /** What becomes of a text that is longer than the model can read. */
    public enum LongText {
        /** It is cut off there. */
        TRUNCATE,
        /** It is read in overlapping windows. */
        CHUNK
    }

    /** Refuses numbers that ask for nothing. */
    public TextModelOptions {
        devices = List.copyOf(devices);
        if (devices.isEmpty()
                || threads < 1
                || tokenBudget.orElse(1) < 1
                || maxLength.orElse(1) < 1
                || topK.orElse(1) < 1) {
            throw new IllegalArgumentException("Devices " + devices + ", threads " + threads + ", token budget "
                    + tokenBudget + ", max-length " + maxLength + ", top-k " + topK + ": none may be below 1");
        }
    }

    /** The model's own way, on devices. */
    public static TextModelOptions on(ComputeDevice... devices) {
        return new TextModelOptions(
                List.of(devices),
                ComputeEngine.processors(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                LongText.TRUNCATE);
    }

    /** With so many cores. */
    public TextModelOptions withThreads(int cores) {
        return new TextModelOptions(devices, cores, tokenBudget, maxLength, topK, longText);
    }

    /** With another longest text. */
    public TextModelOptions withMaxLength(OptionalInt longest) {
        return new TextModelOptions(devices, threads, tokenBudget, longest, topK, longText);
    }

    /** With another number of labels. */
    public TextModelOptions withTopK(OptionalInt labels) {
        return new TextModelOptions(devices, threads, tokenBudget, maxLength, labels, longText);
    }

    /** With a fixed size of a forward pass. */
    public TextModelOptions withTokenBudget(int tokens) {
        return new TextModelOptions(devices, threads, OptionalInt.of(tokens), maxLength, topK, longText);
    }

    /** With another way to read long texts. */
    public TextModelOptions withLongText(LongText way) {
        return new TextModelOptions(devices, threads, tokenBudget, maxLength, topK, way);
    }

    /** Whether graphics cards compute. */
    boolean onCards() {
        return devices.get(0).kind() == ComputeDevice.Kind.GPU;
    }
}
