package io.modelbatch.facts;

import java.util.Map;

/**
 * A published version of a model.
 *
 * @param model its address
 * @param latest the version that {@code @latest} means now, and why it is another one
 */
public record Published(String model, String latest) implements Facts {
    @Override
    public Map<String, Object> results() {
        return Map.of("uri", model);
    }
}
