package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The facts of a step of somebody else, or of an earlier version.
 *
 * @param values numbers, texts, and lists and maps of these, by name; in the order in which they are shown
 */
public record OwnFacts(@JsonValue Map<String, Object> values) implements Facts {
    /** No facts. */
    public static final OwnFacts NONE = new OwnFacts(Map.of());

    /** Keeps its own copy. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    public OwnFacts {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** The single values, without lists and maps. */
    @Override
    public Map<String, Object> results() {
        Map<String, Object> results = new LinkedHashMap<>(values);
        results.values().removeIf(value -> value == null || value instanceof Collection || value instanceof Map);
        return results;
    }
}
