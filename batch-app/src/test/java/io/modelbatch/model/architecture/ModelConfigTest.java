package io.modelbatch.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.script.Activation;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelConfigTest {
    private static final String SIZES = """
            "model_type":"bert","vocab_size":700,"max_position_embeddings":66,"num_hidden_layers":2,
            "hidden_size":48,"num_attention_heads":4,"intermediate_size":96""";

    @Test
    void whatIsLeftOutHasTheLibrarysDefault() {
        ModelConfig config = parse("{" + SIZES + "}");
        assertThat(config.sizes()).isEqualTo(new ModelConfig.Sizes(700, 66, 48, 2));
        assertThat(layers(config))
                .isEqualTo(
                        new BertLayers("bert.", 700, 66, 2, 2, 48, 4, 96, Activation.GELU, 1e-12, 0.02, 0.1, 0.1, 0.1));
        assertThat(layers(parse("{\"model_type\":\"bert\",\"hidden_size\":null}")))
                .isEqualTo(new BertLayers(
                        "bert.", 30_522, 512, 2, 12, 768, 12, 3072, Activation.GELU, 1e-12, 0.02, 0.1, 0.1, 0.1));
        assertThat(config.problemType()).isEmpty();
        assertThat(config.labels()).containsExactly("LABEL_0", "LABEL_1");
        assertThat(config.padTokenId()).isZero();
    }

    @Test
    void readsWhatIsThere() {
        ModelConfig config = parse("{" + SIZES + """
                ,"id2label":{"1":"b","0":"a","2":"c"},"problem_type":"multi_label_classification","torch_dtype":"float16",
                "hidden_act":"gelu_new","hidden_dropout_prob":0.2,"attention_probs_dropout_prob":0,"classifier_dropout":0.3,
                "layer_norm_eps":1e-5,"pad_token_id":3,"type_vocab_size":1,"initializer_range":0.5}""");
        assertThat(config.problemType()).contains(ProblemType.MULTI_LABEL_CLASSIFICATION);
        assertThat(config.labels()).containsExactly("a", "b", "c");
        assertThat(layers(config))
                .isEqualTo(new BertLayers(
                        "bert.", 700, 66, 1, 2, 48, 4, 96, Activation.GELU_TANH, 1e-5, 0.5, 0.2, 0, 0.3));
        assertThat(config.padTokenId()).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"hidden_act\":\"xielu\"| xielu",
                "\"position_embedding_type\":\"relative_key\"| relative_key",
                "\"is_decoder\":true| is_decoder",
                "\"problem_type\":\"ranking\"| ranking",
                "\"id2label\":{\"0\":\"a\",\"2\":\"b\"}| label 1 of 2",
                "\"id2label\":{}| at least one label is required",
                "\"layer_norm_eps\":\"x\"| layer_norm_eps",
                "\"hidden_dropout_prob\":1.5| hidden_dropout_prob",
                "\"type_vocab_size\":0| type_vocab_size",
                "\"pad_token_id\":1.5| pad_token_id",
            })
    void refusesWhatWouldBeComputedWrongly(String entry, String cause) {
        assertThatThrownBy(() -> parse("{" + SIZES + "," + entry + "}"))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("folder/config.json", cause.strip());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"bert\"| \"gpt2\"| model_type is gpt2; supported are [bert,",
                "\"bert\"| null| model_type is null",
                "48| 50| must be a multiple of num_attention_heads",
                "48| -48| hidden_size",
                "48| 99999999999| hidden_size",
                "48| \"48\"| hidden_size",
            })
    void refusesSizesThatMakeNoModel(String from, String to, String cause) {
        assertThatThrownBy(() -> parse(("{" + SIZES + "}").replace(from.strip(), to.strip())))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("folder/config.json", cause.strip());
    }

    @Test
    void anotherHeadKeepsEverythingElse() {
        ModelConfig config = parse("{" + SIZES + ",\"torch_dtype\":\"float16\",\"kept\":[1]}")
                .withLabels(ProblemType.SINGLE_LABEL_CLASSIFICATION, List.of("x", "y", "z"));
        assertThat(config.labels()).containsExactly("x", "y", "z");
        assertThat(config.json())
                .contains("\"kept\"", "BertForSequenceClassification", "\"dtype\" : \"float32\"")
                .doesNotContain("torch_dtype");
        assertThat(parse(config.json())).isEqualTo(config);
    }

    private static BertLayers layers(ModelConfig config) {
        return BertLayers.read(
                new ConfigReader(
                        Json.object(
                                config.json().getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("config.json"))),
                        DisplayPath.of(Path.of("config.json"))),
                "bert.");
    }

    private static ModelConfig parse(String json) {
        return ModelConfig.parse(json.getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("folder/config.json")));
    }
}
