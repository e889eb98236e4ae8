package io.modelbatch.model.architecture;

import io.modelbatch.model.architecture.Script.Value;

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

    private record Bert(BertLayers layers) implements Encoder {
        @Override
        public String className() {
            return "Bert";
        }

        @Override
        public ModelConfig.Sizes sizes() {
            return new ModelConfig.Sizes(layers.vocabulary(), layers.positionRows(), layers.hidden());
        }

        @Override
        public double initializerRange() {
            return layers.initializerRange();
        }

        @Override
        public String prefix() {
            return layers.prefix();
        }

        /** Positions are counted from 0. */
        @Override
        public Value states(Script script) {
            Value positions = script.let(
                    "torch.slice(%s, 0, 0, %s, 1)",
                    script.weight(
                            layers.prefix() + "embeddings.position_embeddings.weight",
                            layers.positionRows(),
                            layers.hidden()),
                    script.width());
            return layers.blocks(script, layers.embeddings(script, positions));
        }

        @Override
        public Value classification(Script script, Value states, int labels) {
            Value first = script.let("torch.select(%s, 1, 0)", states);
            Value dense = script.headDense(
                    first, Dense.named(layers.prefix() + "pooler.dense", layers.hidden(), layers.hidden()));
            Value pooled = script.dropout(script.let("torch.tanh(%s)", dense), layers.classifierDropout());
            return script.headDense(pooled, Dense.named("classifier", labels, layers.hidden()));
        }

        @Override
        public Value tokenClassification(Script script, Value states, int labels) {
            return script.headDense(
                    script.dropout(states, layers.classifierDropout()),
                    Dense.named("classifier", labels, layers.hidden()));
        }
    }
}
