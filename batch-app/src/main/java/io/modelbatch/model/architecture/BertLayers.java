package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/**
 * The parts that BERT's relatives share: sizes, embeddings and blocks.
 *
 * @param prefix of the tensors' names: {@code bert.}
 * @param vocabulary number of token ids
 * @param positionRows rows of the table of positions
 * @param tokenTypes number of token types; 0 where the model does not look at them
 * @param layers number of blocks
 * @param hidden numbers per token
 * @param heads attention heads, a divisor of {@code hidden}
 * @param intermediate numbers per token inside a block
 * @param activation the non-linearity there
 * @param eps a small number that keeps a layer norm from dividing by zero
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
    /** Defaults of keys that most of their configurations leave out. */
    private static final String DEFAULTS = """
            {"vocab_size": 30522, "max_position_embeddings": 512, "type_vocab_size": 2, "num_hidden_layers": 12,
             "hidden_size": 768, "num_attention_heads": 12, "intermediate_size": 3072, "hidden_act": "gelu",
             "layer_norm_eps": 1e-12, "initializer_range": 0.02, "hidden_dropout_prob": 0.1,
             "attention_probs_dropout_prob": 0.1}""";

    /** Reads a configuration, with BERT's defaults. */
    static BertLayers read(ConfigReader given, String prefix) {
        ConfigReader config = given.orElse(DEFAULTS);
        config.refuse("is_decoder", "true", "the model is a decoder, which reads only the tokens before each token");
        config.refuse("add_cross_attention", "true", "the model needs a second input");
        config.require("position_embedding_type", "absolute");
        double dropout = config.share("hidden_dropout_prob", 0.1);
        return new BertLayers(
                prefix,
                config.size("vocab_size"),
                config.size("max_position_embeddings"),
                config.size("type_vocab_size"),
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

    /** The same, not looking at token types. */
    BertLayers withoutTokenTypes() {
        return new BertLayers(
                prefix,
                vocabulary,
                positionRows,
                0,
                layers,
                hidden,
                heads,
                intermediate,
                activation,
                eps,
                initializerRange,
                dropout,
                attentionDropout,
                classifierDropout);
    }

    /** The embeddings. */
    Embeddings embeddings() {
        return embeddings(hidden);
    }

    /** The embeddings of words whose width differs from that of the blocks. */
    Embeddings embeddings(int width) {
        return new Embeddings(prefix + "embeddings.", vocabulary, positionRows, tokenTypes, width, eps, dropout);
    }

    /** All blocks, one after the other, under BERT's names: the states of the tokens that are wanted. */
    Value blocks(ForwardScript script, Value embedded, OutputTokens wanted) {
        Value x = embedded;
        for (int i = 0; i < layers; i++) {
            String layer = prefix + "encoder.layer." + i + ".";
            String attention = layer + "attention.self.";
            x = block(
                    script,
                    x,
                    script.keys(),
                    List.of(attention + "query", attention + "key", attention + "value"),
                    afterAttention(PostNormBlock.Names.bert(layer)),
                    wanted.ofBlock(i, layers));
        }
        return x;
    }

    /**
     * One block: the numbers of the tokens that are wanted of it.
     *
     * @param mask as {@link ForwardScript#attention} takes it
     * @param names of the layers that make queries, keys and values
     * @param rest the part after attention
     */
    Value block(
            ForwardScript script, Value x, Value mask, List<String> names, PostNormBlock rest, OutputTokens wanted) {
        List<Dense> projections =
                names.stream().map(name -> Dense.named(name, hidden, hidden)).toList();
        if (wanted == OutputTokens.ALL) {
            List<Value> qkv = script.split(x, projections, heads);
            return rest.write(script, x, script.attention(qkv, mask, hidden, attentionDropout));
        }
        List<Value> keysAndValues = script.split(x, projections.subList(1, 3), heads);
        Value asking = wanted.of(script, x);
        List<Value> queries = script.split(asking, projections.subList(0, 1), heads);
        List<Value> qkv = List.of(queries.get(0), keysAndValues.get(0), keysAndValues.get(1));
        return rest.write(script, asking, script.attention(qkv, mask, hidden, attentionDropout));
    }

    /** The part of a block after attention. */
    PostNormBlock afterAttention(PostNormBlock.Names names) {
        return new PostNormBlock(names, hidden, intermediate, activation, eps, dropout);
    }

    /** The sizes of a model that counts positions from 0. */
    ModelConfig.Sizes sizes() {
        return sizes(positionRows);
    }

    /** The sizes of a model whose texts have at most so many tokens. */
    ModelConfig.Sizes sizes(int positions) {
        return new ModelConfig.Sizes(vocabulary, positions, hidden, tokenTypes);
    }
}
