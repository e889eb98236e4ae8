package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/**
 * DeBERTa's embeddings: words, and by choice positions and token types, widened to the hidden size.
 *
 * @param name the prefix of its tensors
 * @param vocabulary number of token ids
 * @param positions the longest sequence, in tokens
 * @param places whether positions are added
 * @param tokenTypes number of token types; 0 where there are none
 * @param width numbers per word
 * @param hidden numbers per token afterwards
 * @param eps a small number that keeps the layer norm from dividing by zero
 * @param dropout share of numbers dropped while it learns
 */
record DebertaEmbeddings(
        String name,
        int vocabulary,
        int positions,
        Places places,
        int tokenTypes,
        int width,
        int hidden,
        double eps,
        double dropout) {
    /** Where a token stands in its text. */
    enum Places {
        ADDED,
        LEFT_TO_ATTENTION
    }

    /** Reads a configuration, with Hugging Face's defaults. */
    static DebertaEmbeddings read(ConfigReader config, String name) {
        int hidden = config.size("hidden_size");
        return new DebertaEmbeddings(
                name,
                config.size("vocab_size"),
                config.size("max_position_embeddings"),
                config.flag("position_biased_input", true) ? Places.ADDED : Places.LEFT_TO_ATTENTION,
                config.natural("type_vocab_size", 0, 0),
                config.natural("embedding_size", hidden, 1),
                hidden,
                config.real("layer_norm_eps", 1e-7, 1),
                config.share("hidden_dropout_prob", 0.1));
    }

    /** {@code [rows, width, hidden]}. */
    Value write(ForwardScript script) {
        Value sum = script.embedding(name + "word_embeddings", vocabulary, width, script.ids());
        if (places == Places.ADDED) {
            Value table = script.weight(name + "position_embeddings.weight", positions, width);
            sum = script.let("torch.add(%s, torch.slice(%s, 0, 0, %s, 1))", sum, table, script.width());
        }
        if (tokenTypes > 0) {
            Value types = script.embedding(name + "token_type_embeddings", tokenTypes, width, script.types());
            sum = script.let("torch.add(%s, %s)", sum, types);
        }
        if (width != hidden) {
            sum = script.headDense(sum, Dense.withoutBias(name + "embed_proj", hidden, width));
        }
        return script.dropout(script.layerNorm(sum, name + "LayerNorm", hidden, eps), dropout);
    }
}
