package io.modelbatch.step;

import io.modelbatch.facts.Facts;
import io.modelbatch.facts.OwnFacts;
import java.util.Arrays;
import java.util.Optional;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import tools.jackson.databind.json.JsonMapper;

/** The facts of a step, kept in its execution context for the run's report. */
public final class StepFacts {
    /** The key of the facts in a context. */
    static final String KEY = "figures";

    private static final String TYPE = "figures.type";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private StepFacts() {}

    public static void put(StepExecution step, Facts facts) {
        step.getExecutionContext().putString(KEY, JSON.writeValueAsString(facts));
        step.getExecutionContext().putString(TYPE, facts.getClass().getSimpleName());
    }

    /** The facts of a step execution; empty where it left none. An earlier version named no type. */
    public static Optional<Facts> of(StepExecution step) {
        return of(step.getExecutionContext());
    }

    /** The facts in the context of a step execution; empty where it left none. */
    public static Optional<Facts> of(ExecutionContext context) {
        return context.containsKey(KEY)
                ? Optional.of(JSON.readValue(context.getString(KEY), type(context.getString(TYPE, ""))))
                : Optional.empty();
    }

    private static Class<? extends Facts> type(String name) {
        return Arrays.stream(Facts.class.getPermittedSubclasses())
                .filter(type -> type.getSimpleName().equals(name))
                .findFirst()
                .<Class<? extends Facts>>map(type -> type.asSubclass(Facts.class))
                .orElse(OwnFacts.class);
    }
}
