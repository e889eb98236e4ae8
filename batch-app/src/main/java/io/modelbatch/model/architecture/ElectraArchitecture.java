package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/** ELECTRA (Clark et al., 2020): BERT's blocks, behind words that may be narrower. */
final class ElectraArchitecture implements Architecture {
    private static final String DEFAULTS = """
            {"embedding_size": 128, "hidden_size": 256, "num_attention_heads": 4, "intermediate_size": 1024}""";

    @Override
    public String modelType() {
        return "electra";
    }

    @Override
    public Encoder encoder(ConfigReader given) {
        ConfigReader config = given.orElse(DEFAULTS);
        return new Electra(BertLayers.read(config, "electra."), config.size("embedding_size"));
    }

    private record Electra(BertLayers layers, int embeddingWidth) implements BertRelative {
        @Override
        public String className() {
            return "Electra";
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            Value embedded = layers.embeddings(embeddingWidth).counted(script);
            if (embeddingWidth != layers.hidden()) {
                Dense projection = Dense.named(layers.prefix() + "embeddings_project", layers.hidden(), embeddingWidth);
                embedded = script.residualDense(embedded, projection);
            }
            return layers.blocks(script, embedded, wanted);
        }

        /** {@code summary_type} and its like are for other tasks. */
        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            return Classifiers.ofFirstToken(
                    script, states, layers.hidden(), labels, Activation.GELU, layers.classifierDropout());
        }
    }
}
