package io.modelbatch.model.tensor;

import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON that comes with a model: nothing twice, nothing after the end. */
public final class Json {
    /** Refuses what is there twice. */
    public static final JsonMapper MAPPER = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Reads an object.
     *
     * @param where the file, for the message
     */
    public static ObjectNode object(byte[] content, Path where) {
        if (tree(content, where) instanceof ObjectNode object) {
            return object;
        }
        throw new ModelException(where + " is not a JSON object; it is damaged, copy it again");
    }

    /**
     * Reads anything.
     *
     * @param where the file, for the message
     */
    public static JsonNode tree(byte[] content, Path where) {
        try {
            return MAPPER.readTree(content);
        } catch (JacksonException e) {
            throw new ModelException(
                    where + " is not valid JSON: " + e.getOriginalMessage() + "; it is damaged, copy it again", e);
        }
    }
}
