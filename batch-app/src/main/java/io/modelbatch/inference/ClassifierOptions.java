package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import java.util.OptionalInt;

/**
 * How a classifier is run.
 *
 * @param device what computes
 * @param tokenBudget tokens of a forward pass, padding included
 * @param maxLength truncate texts to so many tokens; empty for the model's own limit
 * @param topK the best few labels instead of the best one; empty for what fits the model
 */
public record ClassifierOptions(ComputeDevice device, int tokenBudget, OptionalInt maxLength, OptionalInt topK) {
    /** More tokens do not make a processor faster, they leave its cache. */
    private static final int CPU_BUDGET = 1024;
    /** A card is idle between small passes. */
    private static final int GPU_BUDGET = 16_384;

    /** Refuses numbers that ask for nothing. */
    public ClassifierOptions {
        if (tokenBudget < 1 || maxLength.orElse(1) < 1 || topK.orElse(1) < 1) {
            throw new IllegalArgumentException("Token budget " + tokenBudget + ", max-length " + maxLength + ", top-k "
                    + topK + ": none may be below 1");
        }
    }

    /** The options that suit a device. */
    public static ClassifierOptions on(ComputeDevice device) {
        return new ClassifierOptions(
                device,
                device.kind() == ComputeDevice.Kind.CPU ? CPU_BUDGET : GPU_BUDGET,
                OptionalInt.empty(),
                OptionalInt.empty());
    }

    /** With another longest text. */
    public ClassifierOptions withMaxLength(OptionalInt longest) {
        return new ClassifierOptions(device, tokenBudget, longest, topK);
    }

    /** With another number of labels. */
    public ClassifierOptions withTopK(OptionalInt labels) {
        return new ClassifierOptions(device, tokenBudget, maxLength, labels);
    }

    /** With another size of a forward pass. */
    public ClassifierOptions withTokenBudget(int tokens) {
        return new ClassifierOptions(device, tokens, maxLength, topK);
    }
}
