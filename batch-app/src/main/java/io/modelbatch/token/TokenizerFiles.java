package io.modelbatch.token;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.base.JsonErrorText;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;
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
        DisplayPath directory, ObjectNode tokenizer, ObjectNode config, ObjectNode specialTokens, ObjectNode model) {
    /** The largest have 40 MB and five million names, values and brackets. */
    private static final int MOST_BYTES = 128 << 20;

    private static final long MOST_TOKENS = 10_000_000;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(100)
                            .maxTokenCount(MOST_TOKENS)
                            .build())
                    .build())
            .build();

    static TokenizerFiles read(DisplayPath directory) throws IOException {
        DisplayPath tokenizer = directory.resolve("tokenizer.json");
        if (!Files.exists(tokenizer.path())) {
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

    private static ObjectNode object(DisplayPath file) throws IOException {
        if (!Files.exists(file.path(), LinkOption.NOFOLLOW_LINKS)) {
            return MAPPER.createObjectNode();
        }
        try {
            if (MAPPER.readTree(content(file)) instanceof ObjectNode object) {
                return object;
            }
            throw damaged(file, "is not a JSON object", null);
        } catch (JacksonException e) {
            throw damaged(file, "is not valid JSON: " + JsonErrorText.words(e), e);
        }
    }

    /** A pipe would be waited at for ever; a link that leads nowhere is not the same as no file. */
    private static byte[] content(DisplayPath file) throws IOException {
        if (!Files.isRegularFile(file.path())) {
            throw damaged(file, "is not a regular file", null);
        }
        try (InputStream in = Files.newInputStream(file.path())) {
            if (Files.size(file.path()) > MOST_BYTES) {
                throw damaged(file, "has " + Files.size(file.path()) + " bytes", null);
            }
            return in.readNBytes(MOST_BYTES);
        }
    }

    /** The path of {@code tokenizer.json}. */
    DisplayPath file() {
        return directory.resolve("tokenizer.json");
    }

    /** The message for a {@code tokenizer.json} that makes no sense. */
    TokenizerException damaged(String what) {
        return damaged(file(), what, null);
    }

    /** The message for a regular expression that the library cannot bear. */
    TokenizerException refusedPattern(String part) {
        return new TokenizerException(
                file() + ": a regular expression of its " + part + " has nested repetitions such as (a+)+, or a back"
                        + " reference. On some texts it would end the process; rewrite it without them");
    }

    /** The same, for an error of the library that reads it. */
    TokenizerException damaged(String what, Throwable cause) {
        return damaged(file(), what, cause);
    }

    private static TokenizerException damaged(DisplayPath file, String what, @Nullable Throwable cause) {
        String message = file + " " + what + "; it is damaged, copy it again";
        return cause == null ? new TokenizerException(message) : new TokenizerException(message, cause);
    }

    /** The message for a {@code tokenizer_config.json} that asks for the impossible. */
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
