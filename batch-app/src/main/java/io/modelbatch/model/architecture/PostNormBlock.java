package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/**
 * The part of most transformer blocks after attention (Vaswani et al., 2017): project, add, normalise; two dense layers, add, normalise.
 *
 * @param names names of its layers
 * @param hidden numbers per token
 * @param intermediate numbers per token between the two dense layers
 * @param activation between them
 * @param eps a small number that keeps a layer norm from dividing by zero
 * @param firstDropout share of numbers dropped before the first sum while it learns
 * @param lastDropout share of numbers dropped before the second
 */
record PostNormBlock(
        Names names,
        long hidden,
        long intermediate,
        Activation activation,
        double eps,
        double firstDropout,
        double lastDropout) {
    /** One that drops as much before both sums. */
    PostNormBlock(Names names, long hidden, long intermediate, Activation activation, double eps, double dropout) {
        this(names, hidden, intermediate, activation, eps, dropout, dropout);
    }

    /** The same, dropping nothing before the first sum. */
    PostNormBlock withoutFirstDropout() {
        return new PostNormBlock(names, hidden, intermediate, activation, eps, 0, lastDropout);
    }

    /** The same, dropping nothing before the second sum. */
    PostNormBlock withoutLastDropout() {
        return new PostNormBlock(names, hidden, intermediate, activation, eps, firstDropout, 0);
    }

    /** Names of the layers: after attention, its norm; the two dense layers, their norm. */
    record Names(String projection, String projectionNorm, String up, String down, String norm) {
        /** As BERT and its relatives have them. */
        static Names bert(String layer) {
            return new Names(
                    layer + "attention.output.dense",
                    layer + "attention.output.LayerNorm",
                    layer + "intermediate.dense",
                    layer + "output.dense",
                    layer + "output.LayerNorm");
        }
    }

    /**
     * The block's output.
     *
     * @param x the input of the block, {@code [rows, width, hidden]}
     * @param attended the output of attention
     */
    Value write(ForwardScript script, Value x, Value attended) {
        Value projected = script.denseOnto(x, attended, Dense.named(names.projection(), hidden, hidden), firstDropout);
        Value middle = script.layerNorm(projected, names.projectionNorm(), hidden, eps);
        Value inner = script.dense(middle, Dense.named(names.up(), intermediate, hidden), activation);
        Value outer = script.denseOnto(middle, inner, Dense.named(names.down(), hidden, intermediate), lastDropout);
        return script.layerNorm(outer, names.norm(), hidden, eps);
    }
}
