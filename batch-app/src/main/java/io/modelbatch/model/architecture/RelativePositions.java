package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/**
 * DeBERTa's table of distances between tokens, and which of its rows stands for which distance. Both are the same in all layers.
 *
 * @param name the prefix of its tensors: {@code deberta.encoder.}
 * @param hidden numbers per row
 * @param buckets rows for each direction, of which the far half shares distances by their logarithm; 0 for a row per distance
 * @param furthest the distance from which on all are the same
 * @param norm whether the rows are normalised first
 * @param eps a small number that keeps that from dividing by zero
 */
record RelativePositions(String name, int hidden, int buckets, int furthest, Norm norm, double eps) {
    /** The normalisation of the rows. */
    enum Norm {
        NONE,
        LAYER_NORM
    }

    /** Reads a configuration, with Hugging Face's defaults. */
    static RelativePositions read(ConfigReader config, String name) {
        int positions = config.size("max_position_embeddings");
        int buckets = Math.max(0, config.whole("position_buckets", -1));
        if (buckets == 1) {
            throw config.wrong("position_buckets", "1", "two tokens side by side have no bucket");
        }
        int furthest = config.whole("max_relative_positions", -1);
        return new RelativePositions(
                name,
                config.size("hidden_size"),
                buckets,
                furthest < 1 ? positions : furthest,
                config.textsOf("norm_rel_ebd").contains("layer_norm") ? Norm.LAYER_NORM : Norm.NONE,
                config.real("layer_norm_eps", 1e-7, 1));
    }

    private int span() {
        return buckets > 0 ? buckets : furthest;
    }

    /** All rows: {@code [2 · span, hidden]}. */
    Value table(ForwardScript script) {
        return script.once(this, () -> {
            Value rows = script.weight(name + "rel_embeddings.weight", 2L * span(), hidden);
            return norm == Norm.NONE ? rows : script.layerNorm(rows, name + "LayerNorm", hidden, eps);
        });
    }

    /** The rows for distances from minus the width up to the width less one: {@code [2 · width]}. */
    Value ascending(ForwardScript script) {
        return script.once("ascending distances", () -> {
            Value distances = script.let(
                    "torch.arange(torch.neg(%1$s), %1$s, dtype=4, layout=None, device=ops.prim.device(%2$s), pin_memory=False)",
                    script.width(), script.ids());
            Value steps = buckets > 0 ? bucket(script, distances) : distances;
            return script.let("torch.clamp(torch.add(%s, %d), 0, %d)", steps, span(), 2 * span() - 1);
        });
    }

    /** The same, from the largest distance to the smallest. */
    Value descending(ForwardScript script) {
        return script.once("descending distances", () -> script.let("torch.flip(%s, [0])", ascending(script)));
    }

    /** Near distances as they are, far ones by their logarithm, in float32 as in transformers. */
    private Value bucket(ForwardScript script, Value distances) {
        int near = buckets / 2;
        Value size = script.let("torch.abs(%s)", distances);
        Value far = script.let("torch.masked_fill(%1$s, torch.lt(%1$s, %2$d), %3$d)", size, near, near - 1);
        Value share = script.let(
                "torch.div(torch.log(torch.div(%s, %d)), torch.log(torch.tensor(%s)))",
                far, near, (furthest - 1) / (double) near);
        Value steps = script.let("torch.add(torch.ceil(torch.mul(%s, %d)), %d)", share, near - 1, near);
        return script.let(
                "torch.to(torch.where(torch.le(%1$s, %2$d), torch.to(%3$s, 6), torch.mul(%4$s, torch.sign(%3$s))), 4)",
                size, near, distances, steps);
    }
}
