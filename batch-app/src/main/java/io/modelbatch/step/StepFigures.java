package io.modelbatch.step;

import java.util.Map;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** What a step found, made or decided, kept in its execution context for the run's report. */
public final class StepFigures {
    private static final String KEY = "figures";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StepFigures() {}

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
