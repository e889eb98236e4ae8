package io.modelbatch.cli;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** The JSON that the verbs print with {@code --json}. */
final class Json {
    private static final JsonMapper PRETTY =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();
    private static final JsonMapper LINE = JsonMapper.builder().build();

    private Json() {}

    /** A record as the keys and values of its JSON. */
    static Map<String, Object> fields(Object value) {
        return LINE.convertValue(value, new TypeReference<LinkedHashMap<String, Object>>() {});
    }

    static String text(Object value) {
        return PRETTY.writeValueAsString(value);
    }

    static String line(Object value) {
        return LINE.writeValueAsString(value);
    }
}
