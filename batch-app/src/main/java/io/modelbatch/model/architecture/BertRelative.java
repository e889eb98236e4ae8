package io.modelbatch.model.architecture;

import io.modelbatch.model.script.ForwardScript;
import io.modelbatch.model.script.ForwardScript.Value;

/** An encoder whose sizes, embeddings and blocks are those of {@link BertLayers}. */
interface BertRelative extends Encoder {
    /** The layers that it shares with the others. */
    BertLayers layers();

    /** Share of the heads' inputs dropped while it learns. */
    default double headDropout() {
        return layers().classifierDropout();
    }

    /** Of positions that are counted from 0. */
    @Override
    default ModelConfig.Sizes sizes() {
        return layers().sizes();
    }

    @Override
    default double initializerRange() {
        return layers().initializerRange();
    }

    @Override
    default String prefix() {
        return layers().prefix();
    }

    @Override
    default Value tokenClassification(ForwardScript script, Value states, int labels) {
        return Classifiers.ofTokens(script, states, layers().hidden(), labels, headDropout());
    }
}
