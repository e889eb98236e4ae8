package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.Dense;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/** BERT (Devlin et al., 2018) as transformers' {@code BertModel} computes it. */
final class BertArchitecture implements Architecture {
    @Override
    public String modelType() {
        return "bert";
    }

    @Override
    public Encoder encoder(ConfigReader config) {
        return new Bert(BertLayers.read(config, "bert."));
    }

    private record Bert(BertLayers layers) implements BertRelative {
        @Override
        public String className() {
            return "Bert";
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            return layers.blocks(script, layers.embeddings().counted(script), wanted);
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            Dense pooler = Dense.named(layers.prefix() + "pooler.dense", layers.hidden(), layers.hidden());
            return Classifiers.ofPooled(script, states, pooler, Activation.TANH, labels, layers.classifierDropout());
        }
    }
}
