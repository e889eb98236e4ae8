package io.modelbatch.model;

import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON that comes with a model: nothing twice, nothing after the end. */
final class Json {
    static final JsonMapper MAPPER = JsonMapper.builder()
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
    static ObjectNode object(byte[] content, Path where) {
        try {
            JsonNode node = MAPPER.readTree(content);
            if (node instanceof ObjectNode object) {
                return object;
            }
            throw new ModelException(where + " is not a JSON object; it is damaged, copy it again");
        } catch (JacksonException e) {
            throw new ModelException(
                    where + " is not valid JSON: " + e.getOriginalMessage() + "; it is damaged, copy it again", e);
        }
    }
}
