package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.Optional;

/**
 * The convolution over neighbouring words that DeBERTa V2 adds to its first block (He et al., 2020, in the released large models).
 *
 * @param name the prefix of its tensors
 * @param hidden numbers per token
 * @param kernel tokens that it looks at, an odd number
 * @param groups parts of the numbers that are not mixed
 * @param activation the function after it
 * @param eps a small number that keeps the layer norm from dividing by zero
 * @param dropout share of numbers dropped while it learns
 */
record DebertaConvolution(
        String name, int hidden, int kernel, int groups, Activation activation, double eps, double dropout) {
    /** Reads the convolution of a configuration; most models have none. */
    static Optional<DebertaConvolution> read(ConfigReader config, String name) {
        int kernel = config.natural("conv_kernel_size", 0, 0);
        if (kernel == 0) {
            return Optional.empty();
        } else if (kernel % 2 == 0) {
            throw config.wrong("conv_kernel_size", String.valueOf(kernel), "it must be an odd number");
        }
        int hidden = config.size("hidden_size");
        int groups = config.natural("conv_groups", 1, 1);
        if (hidden % groups != 0) {
            throw config.wrong("conv_groups", String.valueOf(groups), "hidden_size is " + hidden);
        }
        return Optional.of(new DebertaConvolution(
                name,
                hidden,
                kernel,
                groups,
                config.activation("conv_act", "tanh"),
                config.real("layer_norm_eps", 1e-7, 1),
                config.share("hidden_dropout_prob", 0.1)));
    }

    /**
     * The first block's output with the neighbours in it.
     *
     * @param embedded the input of the block; padding counts as zeros
     * @param x the output of the block
     */
    Value write(ForwardScript script, Value embedded, Value x) {
        Value padding = script.let("torch.unsqueeze(torch.eq(%s, 0), 2)", script.mask());
        Value words = script.let("torch.masked_fill(%s, %s, 0.)", embedded, padding);
        Value mixed = script.let(
                "torch.transpose(torch.conv1d(torch.transpose(%s, 1, 2), %s, %s, [1], [%d], [1], %d), 1, 2)",
                words,
                script.weight(name + "conv.weight", hidden, hidden / groups, kernel),
                script.bias(name + "conv.bias", hidden),
                (kernel - 1) / 2,
                groups);
        Value active = script.let(activation.script(script.dropout(mixed, dropout)));
        return script.layerNorm(script.let("torch.add(%s, %s)", x, active), name + "LayerNorm", hidden, eps);
    }
}
