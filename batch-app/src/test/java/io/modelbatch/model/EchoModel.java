package io.modelbatch.model;

import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.SafetensorsWriter;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A RoBERTa that answers with what it read: each byte of a text is a token, and the label of the token is the byte. Without
 * {@code aggregation}, the entities of a text are its bytes.
 */
public final class EchoModel {
    private static final List<String> SPECIAL = List.of("<s>", "<pad>", "</s>", "<unk>", "<mask>");
    private static final int BYTES = 256;
    private static final int TOKENS = SPECIAL.size() + BYTES;
    /** A multiple of the number of heads. */
    private static final int HIDDEN = 264;

    private static final int HEADS = 4;
    private static final int INTERMEDIATE = 8;
    private static final int POSITIONS = 514;

    private EchoModel() {}

    /** Texts of at most this many bytes fit in one window. */
    public static final int MOST_BYTES = POSITIONS - 4;

    /** Writes the directory. */
    public static Path write(Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(folder.resolve("config.json"), Json.MAPPER.writeValueAsBytes(config()));
        Files.write(folder.resolve("tokenizer.json"), Json.MAPPER.writeValueAsBytes(tokenizer()));
        Files.write(
                folder.resolve("tokenizer_config.json"),
                Json.MAPPER.writeValueAsBytes(Map.of(
                        "tokenizer_class", "PreTrainedTokenizerFast",
                        "model_max_length", POSITIONS - 2,
                        "bos_token", "<s>",
                        "cls_token", "<s>",
                        "eos_token", "</s>",
                        "sep_token", "</s>",
                        "pad_token", "<pad>",
                        "unk_token", "<unk>",
                        "mask_token", "<mask>")));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors());
        return folder;
    }

    private static String label(int token) {
        return token < SPECIAL.size() ? "special " + token : "x%02x".formatted(token - SPECIAL.size());
    }

    private static Map<String, Object> config() {
        Map<String, Object> config = new LinkedHashMap<>();
        Map<String, String> labels = new LinkedHashMap<>();
        Map<String, Integer> numbers = new LinkedHashMap<>();
        for (int token = 0; token < TOKENS; token++) {
            labels.put(String.valueOf(token), label(token));
            numbers.put(label(token), token);
        }
        config.put("architectures", List.of("RobertaForTokenClassification"));
        config.put("model_type", "roberta");
        config.put("hidden_act", "gelu");
        config.put("hidden_size", HIDDEN);
        config.put("intermediate_size", INTERMEDIATE);
        config.put("num_attention_heads", HEADS);
        config.put("num_hidden_layers", 1);
        config.put("max_position_embeddings", POSITIONS);
        config.put("type_vocab_size", 1);
        config.put("vocab_size", TOKENS);
        config.put("pad_token_id", 1);
        config.put("bos_token_id", 0);
        config.put("eos_token_id", 2);
        config.put("layer_norm_eps", 1e-12);
        config.put("id2label", labels);
        config.put("label2id", numbers);
        return config;
    }

    private static Map<String, Object> tokenizer() {
        Map<String, Integer> vocabulary = new LinkedHashMap<>();
        List<Map<String, Object>> added = new ArrayList<>();
        for (String special : SPECIAL) {
            added.add(Map.of(
                    "id",
                    added.size(),
                    "content",
                    special,
                    "single_word",
                    false,
                    "lstrip",
                    false,
                    "rstrip",
                    false,
                    "normalized",
                    false,
                    "special",
                    true));
            vocabulary.put(special, vocabulary.size());
        }
        characters().forEach(character -> vocabulary.put(character, vocabulary.size()));
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("type", "BPE");
        model.put("vocab", vocabulary);
        model.put("merges", List.of());
        Map<String, Object> tokenizer = new LinkedHashMap<>();
        tokenizer.put("version", "1.0");
        tokenizer.put("added_tokens", added);
        tokenizer.put(
                "pre_tokenizer",
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", false, "use_regex", false));
        tokenizer.put(
                "post_processor",
                Map.of(
                        "type",
                        "RobertaProcessing",
                        "sep",
                        List.of("</s>", 2),
                        "cls",
                        List.of("<s>", 0),
                        "trim_offsets",
                        false,
                        "add_prefix_space",
                        false));
        tokenizer.put(
                "decoder",
                Map.of("type", "ByteLevel", "add_prefix_space", false, "trim_offsets", false, "use_regex", false));
        tokenizer.put("model", model);
        return tokenizer;
    }

    /** The character for each byte, in the alphabet of byte-level vocabularies: itself where it can be seen, else one from 256 on. */
    private static List<String> characters() {
        List<String> characters = new ArrayList<>();
        int hidden = 0;
        for (int value = 0; value < BYTES; value++) {
            boolean seen = value >= '!' && value <= '~' || value >= 0xA1 && value <= 0xAC || value >= 0xAE;
            characters.add(Character.toString(seen ? value : BYTES + hidden++));
        }
        return characters;
    }

    private static List<Tensor> tensors() {
        String layer = "roberta.encoder.layer.0.";
        List<Tensor> tensors = new ArrayList<>(List.of(
                identity("roberta.embeddings.word_embeddings.weight"),
                constant("roberta.embeddings.position_embeddings.weight", 0, POSITIONS, HIDDEN),
                constant("roberta.embeddings.token_type_embeddings.weight", 0, 1, HIDDEN),
                identity("classifier.weight"),
                constant("classifier.bias", 0, TOKENS),
                constant(layer + "intermediate.dense.weight", 0, INTERMEDIATE, HIDDEN),
                constant(layer + "intermediate.dense.bias", 0, INTERMEDIATE),
                constant(layer + "output.dense.weight", 0, HIDDEN, INTERMEDIATE),
                constant(layer + "output.dense.bias", 0, HIDDEN)));
        for (String part : List.of("self.query", "self.key", "self.value", "output.dense")) {
            tensors.add(constant(layer + "attention." + part + ".weight", 0, HIDDEN, HIDDEN));
            tensors.add(constant(layer + "attention." + part + ".bias", 0, HIDDEN));
        }
        for (String norm : List.of("roberta.embeddings.", layer + "attention.output.", layer + "output.")) {
            tensors.add(constant(norm + "LayerNorm.weight", 1, HIDDEN));
            tensors.add(constant(norm + "LayerNorm.bias", 0, HIDDEN));
        }
        return tensors;
    }

    private static Tensor constant(String name, float value, long... shape) {
        List<Long> dimensions = Arrays.stream(shape).boxed().toList();
        return Tensor.of(name, dimensions, () -> {
            float[] values = new float[Math.toIntExact(dimensions.stream().reduce(1L, Math::multiplyExact))];
            Arrays.fill(values, value);
            return values;
        });
    }

    /** A row for each token, with a one at its number. */
    private static Tensor identity(String name) {
        return Tensor.of(name, List.of((long) TOKENS, (long) HIDDEN), () -> {
            float[] values = new float[TOKENS * HIDDEN];
            for (int token = 0; token < TOKENS; token++) {
                values[token * HIDDEN + token] = 1;
            }
            return values;
        });
    }
}
