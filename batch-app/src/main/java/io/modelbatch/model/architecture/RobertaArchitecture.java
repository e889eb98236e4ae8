package io.modelbatch.model.architecture;

import io.modelbatch.model.architecture.Script.Value;

/** RoBERTa (Liu et al., 2019), and the models that differ from it in nothing but vocabulary and name. */
final class RobertaArchitecture implements Architecture {
    private final String modelType;
    private final String className;

    RobertaArchitecture(String modelType, String className) {
        this.modelType = modelType;
        this.className = className;
    }

    @Override
    public String modelType() {
        return modelType;
    }

    @Override
    public int padTokenId() {
        return 1;
    }

    @Override
    public Encoder encoder(ConfigReader config) {
        return new Roberta(
                className,
                BertLayers.read(config, "roberta."),
                config.natural(ConfigReader.PAD_TOKEN_ID, padTokenId(), 0));
    }

    private record Roberta(String className, BertLayers layers, int padTokenId) implements Encoder {
        /** Positions are counted from the padding's number on, so the table has that many more rows. */
        @Override
        public ModelConfig.Sizes sizes() {
            return new ModelConfig.Sizes(layers.vocabulary(), layers.positionRows() - padTokenId - 1, layers.hidden());
        }

        @Override
        public double initializerRange() {
            return layers.initializerRange();
        }

        @Override
        public String prefix() {
            return layers.prefix();
        }

        /** A padding token has the padding's own position, also where it stands in a text. */
        @Override
        public Value states(Script script) {
            Value tokens = script.let("torch.to(torch.ne(%s, %d), 4)", script.ids(), padTokenId);
            Value places = script.let("torch.add(torch.mul(torch.cumsum(%1$s, 1), %1$s), %2$d)", tokens, padTokenId);
            Value positions = script.embedding(
                    layers.prefix() + "embeddings.position_embeddings", layers.positionRows(), layers.hidden(), places);
            return layers.blocks(script, layers.embeddings(script, positions));
        }

        @Override
        public Value classification(Script script, Value states, int labels) {
            Value first = script.dropout(script.let("torch.select(%s, 1, 0)", states), layers.classifierDropout());
            Value dense = script.headDense(first, Dense.named("classifier.dense", layers.hidden(), layers.hidden()));
            Value pooled = script.dropout(script.let("torch.tanh(%s)", dense), layers.classifierDropout());
            return script.headDense(pooled, Dense.named("classifier.out_proj", labels, layers.hidden()));
        }

        @Override
        public Value tokenClassification(Script script, Value states, int labels) {
            return script.headDense(
                    script.dropout(states, layers.classifierDropout()),
                    Dense.named("classifier", labels, layers.hidden()));
        }
    }
}
