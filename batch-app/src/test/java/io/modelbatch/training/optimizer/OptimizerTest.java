package io.modelbatch.training.optimizer;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OptimizerTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert.encoder.layer.0.attention.self.query.weight",
                "mpnet.embeddings.word_embeddings.weight",
                "classifier.out_proj.weight"
            })
    void weightsDecay(String name) {
        assertThat(Optimizer.decays(name)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bert.encoder.layer.0.attention.self.query.bias",
                "bert.embeddings.LayerNorm.weight",
                "distilbert.transformer.layer.0.sa_layer_norm.weight",
                "albert.encoder.albert_layer_groups.0.albert_layers.0.full_layer_layer_norm.weight",
                "model.layers.0.norm.weight",
                "mpnet.encoder.relative_attention_bias.weight"
            })
    void biasesAndNormalisationsDoNot(String name) {
        assertThat(Optimizer.decays(name)).isFalse();
    }
}
