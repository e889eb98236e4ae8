package io.modelbatch.model.architecture;

import io.modelbatch.model.script.Activation;
import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/** RoBERTa (Liu et al., 2019), and the models that differ from it in nothing but vocabulary and name. */
final class RobertaArchitecture implements Architecture {
    private final String modelType;
    private final String className;
    private final String defaults;

    /**
     * One of them.
     *
     * @param vocabulary number of token ids where the configuration leaves it out
     */
    RobertaArchitecture(String modelType, String className, int vocabulary) {
        this.modelType = modelType;
        this.className = className;
        this.defaults = "{\"vocab_size\": " + vocabulary + "}";
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
                BertLayers.read(config.orElse(defaults), "roberta."),
                config.natural(ConfigReader.PAD_TOKEN_ID, padTokenId(), 0));
    }

    private record Roberta(String className, BertLayers layers, int padTokenId) implements BertRelative {
        @Override
        public ModelConfig.Sizes sizes() {
            return layers.sizes(layers.embeddings().longestFromPadding(padTokenId));
        }

        @Override
        public Value states(ForwardScript script, OutputTokens wanted) {
            return layers.blocks(script, layers.embeddings().countedFromPadding(script, padTokenId), wanted);
        }

        @Override
        public Value classification(ForwardScript script, Value states, int labels) {
            return Classifiers.ofFirstToken(
                    script, states, layers.hidden(), labels, Activation.TANH, layers.classifierDropout());
        }
    }
}
