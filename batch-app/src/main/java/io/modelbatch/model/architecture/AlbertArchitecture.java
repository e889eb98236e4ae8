package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;
import java.util.List;

/** ALBERT (Lan et al., 2019): narrow words, and blocks that share their weights. */
final class AlbertArchitecture implements Architecture {
    private static final String DEFAULTS = """
            {"vocab_size": 30000, "embedding_size": 128, "hidden_size": 4096, "num_attention_heads": 64,
             "intermediate_size": 16384, "hidden_act": "gelu_new", "num_hidden_groups": 1, "inner_group_num": 1,
             "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0, "classifier_dropout_prob": 0.1}""";

    @Override
    public String modelType() {
        return "albert";
    }

    @Override
    public Encoder encoder(ConfigReader given) {
        ConfigReader config = given.orElse(DEFAULTS);
        BertLayers layers = BertLayers.read(config, "albert.");
        int blocks = config.size("inner_group_num");
        if ((long) layers.layers() * blocks > ConfigReader.MOST_BLOCKS) {
            throw config.wrong(
                    "inner_group_num",
                    String.valueOf(blocks),
                    "in " + layers.layers() + " layers these are more than " + ConfigReader.MOST_BLOCKS + " blocks");
        }
        return new Albert(
                layers,
                config.size("embedding_size"),
                config.size("num_hidden_groups"),
                blocks,
                config.share("classifier_dropout_prob", 0.1));
    }

    /**
     * Its sizes.
     *
     * @param layers the {@link BertLayers#layers} are passes through a group, or as many groups when there is one for each
     * @param embeddingWidth numbers per word
     * @param groups groups of blocks, of which each serves the same number of layers
     * @param blocks blocks of a group
     * @param headDropout share of the heads' inputs dropped while it learns
     */
    private record Albert(BertLayers layers, int embeddingWidth, int groups, int blocks, double headDropout)
            implements BertRelative {
        @Override
        public String className() {
            return "Albert";
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            String encoder = layers.prefix() + "encoder.";
            Dense projection = Dense.named(encoder + "embedding_hidden_mapping_in", layers.hidden(), embeddingWidth);
            Value x = script.residualDense(layers.embeddings(embeddingWidth).counted(script), projection);
            for (int i = 0; i < layers.layers(); i++) {
                OutputTokens asking = wanted.ofBlock(i, layers.layers());
                for (int block = 0; block < blocks; block++) {
                    String name = encoder + "albert_layer_groups." + group(i) + ".albert_layers." + block + ".";
                    x = block(script, x, name, asking.ofBlock(block, blocks));
                }
            }
            return x;
        }

        /** The group of a layer, rounded as transformers rounds it. */
        private int group(int layer) {
            return (int) (layer / ((double) layers.layers() / groups));
        }

        private Value block(ForwardScript script, Value x, String name, OutputTokens wanted) {
            String attention = name + "attention.";
            PostNormBlock.Names names = new PostNormBlock.Names(
                    attention + "dense",
                    attention + "LayerNorm",
                    name + "ffn",
                    name + "ffn_output",
                    name + "full_layer_layer_norm");
            return layers.block(
                    script,
                    x,
                    script.keys(),
                    List.of(attention + "query", attention + "key", attention + "value"),
                    layers.afterAttention(names).withoutLastDropout(),
                    wanted);
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            Dense pooler = Dense.named(layers.prefix() + "pooler", layers.hidden(), layers.hidden());
            return Classifiers.ofPooled(script, states, pooler, Activation.TANH, labels, headDropout);
        }
    }
}
