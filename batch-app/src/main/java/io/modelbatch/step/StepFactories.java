package io.modelbatch.step;

import com.google.common.base.Throwables;
import io.modelbatch.base.Explained;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypeJar;
import io.modelbatch.extension.StepTypes;
import java.util.HashMap;
import java.util.Map;

/** The factories of all step types. Each is made once. */
public final class StepFactories {
    private final StepTypes types;
    private final StepServices services;
    private final Map<String, StepFactory<?>> made = new HashMap<>();

    StepFactories(StepTypes types, StepServices services) {
        this.types = types;
        this.services = services;
    }

    StepTypes types() {
        return types;
    }

    /** Makes all of them, so that a setting that is missing is reported before a run begins. */
    void makeAll() {
        types.all().forEach(this::factory);
    }

    /** A step with the factory of its type. */
    BoundStep<?> bind(JobStep<?> step) {
        StepSpec spec = step.step();
        return bind(
                types.find(spec.type())
                        .orElseThrow(() -> new IllegalStateException("No type for steps of type " + spec.type())),
                step);
    }

    private <O extends Record> BoundStep<O> bind(StepType<O> type, JobStep<?> step) {
        return new BoundStep<>(factory(type), step.of(step.step(), type.options()));
    }

    private StepFactory<?> make(StepType<?> type) {
        try {
            return type.factory(services);
        } catch (LinkageError | RuntimeException e) {
            StepTypeJar jar = StepTypeJar.of(type.getClass())
                    .filter(its -> !isExplained(e))
                    .orElse(null);
            if (jar == null) {
                throw e;
            }
            throw new UnfitStepTypeException(type.key(), jar, e);
        }
    }

    private static boolean isExplained(Throwable failure) {
        return Throwables.getCausalChain(failure).stream().anyMatch(Explained.class::isInstance);
    }

    /** The options of a factory are those of its type. */
    @SuppressWarnings("unchecked")
    private synchronized <O extends Record> StepFactory<O> factory(StepType<O> type) {
        return (StepFactory<O>) made.computeIfAbsent(type.key(), key -> make(type));
    }
}
