package io.modelbatch.token;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The files of a model's directory that say how its texts become tokens. A file that is not there is an empty object, except
 * {@code tokenizer.json}, which must be there.
 *
 * @param directory where they lie
 * @param tokenizer {@code tokenizer.json}
 * @param config {@code tokenizer_config.json}
 * @param specialTokens {@code special_tokens_map.json}, which older versions of Hugging Face transformers left
 * @param model {@code config.json}
 */
record TokenizerFiles(
        Path directory, ObjectNode tokenizer, ObjectNode config, ObjectNode specialTokens, ObjectNode model) {
    private static final long MOST_BYTES = 256L << 20;

    static TokenizerFiles read(Path directory) throws IOException {
        Path tokenizer = directory.resolve("tokenizer.json");
        if (!Files.exists(tokenizer)) {
            throw new TokenizerException(tokenizer + " is missing; AutoTokenizer.from_pretrained('DIRECTORY')"
                    + ".save_pretrained('DIRECTORY') in Python writes it");
        }
        return new TokenizerFiles(
                directory,
                object(tokenizer),
                object(directory.resolve("tokenizer_config.json")),
                object(directory.resolve("special_tokens_map.json")),
                object(directory.resolve("config.json")));
    }

    private static ObjectNode object(Path file) throws IOException {
        if (!Files.exists(file)) {
            return JsonMapper.shared().createObjectNode();
        }
        if (Files.size(file) > MOST_BYTES) {
            throw damaged(file, "has " + Files.size(file) + " bytes", null);
        }
        try {
            if (JsonMapper.shared().readTree(Files.readAllBytes(file)) instanceof ObjectNode object) {
                return object;
            }
            throw damaged(file, "is not a JSON object", null);
        } catch (JacksonException e) {
            throw damaged(file, "is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /** The path of {@code tokenizer.json}. */
    Path file() {
        return directory.resolve("tokenizer.json");
    }

    /** What to say of a {@code tokenizer.json} that makes no sense. */
    TokenizerException damaged(String what) {
        return damaged(file(), what, null);
    }

    /** The same, for an error of the library that reads it. */
    TokenizerException damaged(String what, Throwable cause) {
        return damaged(file(), what, cause);
    }

    private static TokenizerException damaged(Path file, String what, @Nullable Throwable cause) {
        String message = file + " " + what + "; it is damaged, copy it again";
        return cause == null ? new TokenizerException(message) : new TokenizerException(message, cause);
    }

    /** What to say of a {@code tokenizer_config.json} that asks for the impossible. */
    TokenizerException refused(String what) {
        return new TokenizerException(directory.resolve("tokenizer_config.json") + ": " + what);
    }

    /** A switch of {@code tokenizer_config.json}. */
    boolean flag(String name, boolean otherwise) {
        JsonNode value = config.path(name);
        if (value.isMissingNode() || value.isBoolean()) {
            return value.asBoolean(otherwise);
        }
        throw refused(name + " is " + value + "; it must be true or false");
    }

    /** A special token by its role, as in {@code "cls_token"}: its text. */
    Optional<String> special(String role) {
        JsonNode older = config.has("added_tokens_decoder") ? config.path("") : specialTokens.path(role);
        JsonNode value = older.isMissingNode() ? config.path(role) : older;
        JsonNode text = value.isObject() ? value.path("content") : value;
        return text.isString() ? Optional.of(text.stringValue()) : Optional.empty();
    }
}
