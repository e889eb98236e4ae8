package io.modelbatch.model.architecture;

import io.modelbatch.model.architecture.Script.Value;
import java.util.List;
import java.util.stream.Stream;

/**
 * What BERT's relatives share: its embeddings, its blocks, and the names of both.
 *
 * @param prefix of the tensors' names: {@code bert.}
 * @param vocabulary number of token ids
 * @param positionRows rows of the table of positions
 * @param tokenTypes number of token types
 * @param layers number of blocks
 * @param hidden numbers per token
 * @param heads attention heads, a divisor of {@code hidden}
 * @param intermediate numbers per token inside a block
 * @param activation the non-linearity there
 * @param eps what keeps a layer norm from dividing by zero
 * @param initializerRange standard deviation of newly initialised weights
 * @param dropout share of hidden numbers dropped while it learns
 * @param attentionDropout share of attention weights dropped
 * @param classifierDropout share of a head's inputs dropped
 */
record BertLayers(
        String prefix,
        int vocabulary,
        int positionRows,
        int tokenTypes,
        int layers,
        int hidden,
        int heads,
        int intermediate,
        Activation activation,
        double eps,
        double initializerRange,
        double dropout,
        double attentionDropout,
        double classifierDropout) {
    /** What a configuration says; what it leaves out has Hugging Face's default. */
    static BertLayers read(ConfigReader config, String prefix) {
        config.refuse("is_decoder", "true", "the model reads only what stands before a token");
        config.refuse("add_cross_attention", "true", "the model needs a second input");
        config.require("position_embedding_type", "absolute");
        double dropout = config.share("hidden_dropout_prob", 0.1);
        return new BertLayers(
                prefix,
                config.size("vocab_size"),
                config.size("max_position_embeddings"),
                config.natural("type_vocab_size", 2, 1),
                config.size("num_hidden_layers"),
                config.size("hidden_size"),
                config.divisor("num_attention_heads", "hidden_size"),
                config.size("intermediate_size"),
                config.activation("hidden_act", "gelu"),
                config.real("layer_norm_eps", 1e-12, 1),
                config.real("initializer_range", 0.02, 100),
                dropout,
                config.share("attention_probs_dropout_prob", 0.1),
                config.share("classifier_dropout", dropout));
    }

    /**
     * The normalised sum of words, token types and positions.
     *
     * @param positions broadcastable to {@code [rows, width, hidden]}
     */
    Value embeddings(Script script, Value positions) {
        String name = prefix + "embeddings.";
        Value words = script.embedding(name + "word_embeddings", vocabulary, hidden, script.ids());
        Value types = script.embedding(name + "token_type_embeddings", tokenTypes, hidden, script.types());
        Value sum = script.let("torch.add(torch.add(%s, %s), %s)", words, types, positions);
        return script.dropout(script.layerNorm(sum, name + "LayerNorm", hidden, eps), dropout);
    }

    /** All blocks, one after the other. */
    Value blocks(Script script, Value embedded) {
        Value x = embedded;
        for (int i = 0; i < layers; i++) {
            String layer = prefix + "encoder.layer." + i + ".";
            List<Dense> projections = Stream.of("query", "key", "value")
                    .map(name -> Dense.named(layer + "attention.self." + name, hidden, hidden))
                    .toList();
            Value attended =
                    script.attention(script.split(x, projections, heads), script.keys(), hidden, attentionDropout);
            x = new PostNormBlock(PostNormBlock.Names.bert(layer), hidden, intermediate, activation, eps, dropout)
                    .write(script, x, attended);
        }
        return x;
    }
}
