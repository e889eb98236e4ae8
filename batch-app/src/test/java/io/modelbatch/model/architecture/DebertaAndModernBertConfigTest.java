package io.modelbatch.model.architecture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.ModelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DebertaAndModernBertConfigTest {
    private static final String SIZES = """
            {"vocab_size":60000,"max_position_embeddings":66,"num_hidden_layers":2,"hidden_size":48,
            "num_attention_heads":4,"intermediate_size":96,%s}""";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"pos_att_type\":[\"p2p\"]| pos_att_type is p2p",
                "\"pos_att_type\":[\"c2p\",1]| a list of texts",
                "\"attention_head_size\":16| attention_head_size is 16; hidden_size is 48",
                "\"conv_kernel_size\":4| an odd number",
                "\"conv_kernel_size\":3,\"conv_groups\":5| conv_groups is 5",
                "\"relative_attention\":true,\"position_buckets\":1| position_buckets is 1",
                "\"relative_attention\":true,\"max_relative_positions\":1.5| max_relative_positions is 1.5",
                "\"pooler_hidden_act\":\"xielu\"| xielu",
            },
            quoteCharacter = '`')
    void refusesDebertaThatWouldBeComputedWrongly(String entry, String cause) {
        refuses("deberta-v2", entry, cause);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"rope_scaling\":{\"type\":\"linear\",\"factor\":2}| rope_type is linear",
                "\"rope_parameters\":{\"full_attention\":{\"rope_type\":\"yarn\"}}| rope_type is yarn",
                "\"rope_parameters\":[]| rope_parameters is []",
                "\"layer_types\":[\"full_attention\"]| num_hidden_layers is 2",
                "\"layer_types\":[\"full_attention\",\"chunked_attention\"]| layer_types is chunked_attention",
                "\"classifier_pooling\":\"max\"| classifier_pooling is max",
            },
            quoteCharacter = '`')
    void refusesModernBertThatWouldBeComputedWrongly(String entry, String cause) {
        refuses("modernbert", entry, cause);
    }

    @Test
    void refusesHeadsThatCannotBeTurned() {
        String json = SIZES.formatted("\"model_type\":\"modernbert\"")
                .replace("\"num_attention_heads\":4", "\"num_attention_heads\":16");
        assertThatThrownBy(() -> ModelConfig.parse(
                        json.getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("config.json"))))
                .isInstanceOf(ModelException.class)
                .hasMessageContaining("must come in pairs");
    }

    @Test
    void paddingIsWhatTheLibraryMakesIt() {
        assertThat(parse("deberta-v2", "\"x\":1").padTokenId()).isZero();
        assertThat(parse("modernbert", "\"x\":1").padTokenId()).isEqualTo(50_283);
    }

    private static void refuses(String modelType, String entry, String cause) {
        assertThatThrownBy(() -> parse(modelType, entry))
                .isInstanceOf(ModelException.class)
                .hasMessageContainingAll("folder/config.json", cause.strip());
    }

    private static ModelConfig parse(String modelType, String entry) {
        String json = SIZES.formatted("\"model_type\":\"" + modelType + "\"," + entry);
        return ModelConfig.parse(json.getBytes(StandardCharsets.UTF_8), DisplayPath.of(Path.of("folder/config.json")));
    }
}
