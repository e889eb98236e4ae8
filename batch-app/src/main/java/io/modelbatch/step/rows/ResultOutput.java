package io.modelbatch.step.rows;

import io.modelbatch.result.RecordSchema;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The part of a step's output that its manifest says, whatever the type of the step: each type keeps a record that has these components
 * and more.
 *
 * @param schema the columns of the result
 * @param address of the model that made it; null without one
 * @param fingerprint of that model; null without one
 */
record ResultOutput(
        RecordSchema schema,
        @Nullable String address,
        @Nullable String fingerprint) {
    /** The origin of the result in a manifest. */
    Map<String, String> origin(String input) {
        Map<String, String> origin = new LinkedHashMap<>();
        origin.put("input", input);
        if (address != null && fingerprint != null) {
            origin.put("model", address);
            origin.put("model-sha256", fingerprint);
        }
        return origin;
    }
}
