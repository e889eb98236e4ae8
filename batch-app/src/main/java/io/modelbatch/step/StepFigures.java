package io.modelbatch.step;

import java.util.LinkedHashMap;
import java.util.Map;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a step found, made or decided, kept in its execution context for the run's report. */
public final class StepFigures {
    private static final String KEY = "figures";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StepFigures() {}

    /** The model that a step uses: where it is, a version instead of {@code latest}, and the SHA-256 over its files. */
    static Map<String, Object> usedModel(String address, String fingerprint) {
        Map<String, Object> model = new LinkedHashMap<>();
        model.put("address", address);
        model.put("sha256", fingerprint);
        return Map.of("used-model", model);
    }

    static void put(StepExecution step, Map<String, Object> figures) {
        step.getExecutionContext().putString(KEY, JSON.writeValueAsString(figures));
    }

    /** The figures of a step execution, in the order of the step; empty where it left none. */
    public static Map<String, Object> of(StepExecution step) {
        return step.getExecutionContext().containsKey(KEY)
                ? JSON.readValue(step.getExecutionContext().getString(KEY), new TypeReference<Map<String, Object>>() {})
                : Map.of();
    }
}
