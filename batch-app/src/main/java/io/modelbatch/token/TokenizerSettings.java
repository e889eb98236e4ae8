package io.modelbatch.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What {@code tokenizer_config.json} adds to {@code tokenizer.json}.
 *
 * @param file the {@code tokenizer.json}
 * @param maxLength tokens to truncate to
 * @param typed whether the model is fed token types; otherwise all are 0
 */
record TokenizerSettings(Path file, int maxLength, boolean typed) {
    /** The classes that feed token types; Hugging Face's general class feeds none, whatever tokenizer.json says. */
    private static final Set<String> TYPED_CLASSES = Set.of("BertTokenizer", "BertTokenizerFast");

    static TokenizerSettings read(Path directory, int positions, OptionalInt maxLength) throws IOException {
        Path file = directory.resolve("tokenizer.json");
        if (!Files.exists(file)) {
            throw new TokenizerException(file + " is missing; AutoTokenizer.from_pretrained('DIRECTORY')"
                    + ".save_pretrained('DIRECTORY') in Python writes it");
        }
        Path configFile = directory.resolve("tokenizer_config.json");
        JsonNode config = config(configFile);
        if (config.path("truncation_side").asString("right").equals("left")) {
            throw new TokenizerException(configFile + ": truncation_side is left; only right is supported");
        }
        return new TokenizerSettings(file, length(configFile, config, positions, maxLength), typed(config));
    }

    private static JsonNode config(Path file) throws IOException {
        if (!Files.exists(file)) {
            return JsonMapper.shared().createObjectNode();
        }
        try {
            JsonNode config = JsonMapper.shared().readTree(Files.readAllBytes(file));
            if (!config.isObject()) {
                throw new TokenizerException(file + " is not a JSON object; it is damaged, copy it again");
            }
            return config;
        } catch (JacksonException e) {
            throw new TokenizerException(
                    file + " is not valid JSON: " + e.getOriginalMessage() + "; it is damaged, copy it again", e);
        }
    }

    private static int length(Path file, JsonNode config, int positions, OptionalInt asked) {
        if (asked.isPresent()) {
            if (asked.getAsInt() < 1 || asked.getAsInt() > positions) {
                throw new TokenizerException(
                        "max-length is " + asked.getAsInt() + "; this model takes 1 to " + positions + " tokens");
            }
            return asked.getAsInt();
        }
        JsonNode stated = config.path("model_max_length");
        if (!stated.isNumber()) {
            return positions;
        }
        // "No limit" is written as 1e30.
        if (!(stated.asDouble() >= 1)) {
            throw new TokenizerException(file + ": model_max_length is " + stated + "; it must be 1 or more");
        }
        return (int) Math.min(positions, stated.asDouble());
    }

    private static boolean typed(JsonNode config) {
        JsonNode inputs = config.path("model_input_names");
        if (inputs.isArray()) {
            return inputs.valueStream().anyMatch(name -> name.asString("").equals("token_type_ids"));
        }
        // Without a class, Hugging Face takes the architecture's own, which for BERT feeds types.
        return TYPED_CLASSES.contains(config.path("tokenizer_class").asString("BertTokenizer"));
    }
}
