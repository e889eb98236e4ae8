package io.modelbatch.model.tensor;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.base.JsonErrorText;
import java.io.IOException;
import java.nio.file.Path;
import tools.jackson.core.JacksonException;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** JSON that comes with a model: nothing twice, nothing after the end, nothing without measure. */
public final class Json {
    /** Names, values and brackets; each may take a hundred bytes of memory. A model with 100,000 labels has 400,000. */
    private static final long MOST_TOKENS = 500_000;

    private static final StreamReadConstraints LIMITS = StreamReadConstraints.builder()
            .maxNestingDepth(100)
            .maxTokenCount(MOST_TOKENS)
            .build();

    /** Refuses what is there twice. */
    public static final JsonMapper MAPPER = JsonMapper.builder(
                    JsonFactory.builder().streamReadConstraints(LIMITS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /**
     * Reads a file that holds an object.
     *
     * @throws ModelException when it is missing, too large for one, or holds something else
     */
    public static ObjectNode object(Path file) throws IOException {
        return object(DisplayPath.of(file));
    }

    /** The same, of a file that has another name for its user. */
    public static ObjectNode object(DisplayPath file) throws IOException {
        return object(ModelFile.json(file), file);
    }

    /**
     * Reads an object.
     *
     * @param where the file, for the message
     */
    public static ObjectNode object(byte[] content, DisplayPath where) {
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
    public static JsonNode tree(byte[] content, DisplayPath where) {
        try {
            return MAPPER.readTree(content);
        } catch (JacksonException e) {
            throw new ModelException(
                    where + " is not valid JSON: " + JsonErrorText.words(e) + "; it is damaged, copy it again", e);
        }
    }
}
