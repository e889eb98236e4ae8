package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;
import java.util.Map;

/** DistilBERT (Sanh et al., 2019): BERT without token types and pooler, under names of its own. */
final class DistilBertArchitecture implements Architecture {
    private static final String DEFAULTS = """
            {"vocab_size": 30522, "max_position_embeddings": 512, "n_layers": 6, "dim": 768, "n_heads": 12,
             "hidden_dim": 3072}""";

    /** Other names of its keys that transformers accepts. */
    private static final Map<String, String> SYNONYMS =
            Map.of("hidden_size", "dim", "num_attention_heads", "n_heads", "num_hidden_layers", "n_layers");

    @Override
    public String modelType() {
        return "distilbert";
    }

    /** Reads a configuration. {@code sinusoidal_pos_embds} does not matter: positions are stored, learned or not. */
    @Override
    public Encoder encoder(ConfigReader given) {
        ConfigReader config = given.withSynonyms(SYNONYMS).orElse(DEFAULTS);
        return new DistilBert(new BertLayers(
                "distilbert.",
                config.size("vocab_size"),
                config.size("max_position_embeddings"),
                0,
                config.size("n_layers"),
                config.size("dim"),
                config.divisor("n_heads", "dim"),
                config.size("hidden_dim"),
                config.activation("activation", "gelu"),
                1e-12,
                config.real("initializer_range", 0.02, 100),
                config.share("dropout", 0.1),
                config.share("attention_dropout", 0.1),
                config.share("seq_classif_dropout", 0.2)));
    }

    private record DistilBert(BertLayers layers) implements BertRelative {
        @Override
        public String className() {
            return "DistilBert";
        }

        @Override
        public double headDropout() {
            return layers.dropout();
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            Value x = layers.embeddings().counted(script);
            for (int i = 0; i < layers.layers(); i++) {
                String layer = layers.prefix() + "transformer.layer." + i + ".";
                String attention = layer + "attention.";
                x = layers.block(
                        script,
                        x,
                        script.keys(),
                        List.of(attention + "q_lin", attention + "k_lin", attention + "v_lin"),
                        layers.afterAttention(names(layer)).withoutFirstDropout(),
                        wanted.ofBlock(i, layers.layers()));
            }
            return x;
        }

        private static PostNormBlock.Names names(String layer) {
            return new PostNormBlock.Names(
                    layer + "attention.out_lin",
                    layer + "sa_layer_norm",
                    layer + "ffn.lin1",
                    layer + "ffn.lin2",
                    layer + "output_layer_norm");
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            Dense pooler = Dense.named("pre_classifier", layers.hidden(), layers.hidden());
            return Classifiers.ofPooled(script, states, pooler, Activation.RELU, labels, layers.classifierDropout());
        }
    }
}
