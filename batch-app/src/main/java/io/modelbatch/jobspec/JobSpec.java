package io.modelbatch.jobspec;

import io.modelbatch.extension.StepSpec;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A job as one run executes it.
 *
 * @param name the file's name without {@code .yaml}
 * @param description null when the file has none
 * @param schedule null when it is only started by hand
 * @param resources null when the file does not say
 * @param report the content of its reports
 * @param parameters values by name, in the order of the file
 * @param steps in their order, at least one
 * @param binding reads the steps again, with results of earlier steps
 */
public record JobSpec(
        String name,
        @Nullable String description,
        @Nullable Schedule schedule,
        @Nullable Resources resources,
        ReportOptions report,
        Map<String, ParameterValue> parameters,
        List<StepSpec> steps,
        Binding binding) {
    /** Reads the steps of a job with values in the places of references to earlier steps. */
    @FunctionalInterface
    public interface Binding {
        /**
         * The steps.
         *
         * @throws JobFileException when an option does not allow a value
         */
        List<StepSpec> steps(ResultValues results);
    }

    /** Keeps its own copies. */
    public JobSpec {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        steps = List.copyOf(steps);
    }

    /** The same job with the results of earlier steps that are known, as far as its steps refer to them. */
    public JobSpec with(ResultValues results) {
        return steps.stream().allMatch(step -> step.references().isEmpty())
                ? this
                : new JobSpec(
                        name, description, schedule, resources, report, parameters, binding.steps(results), binding);
    }

    /** The step of that name. */
    public StepSpec step(String step) {
        return steps.stream().filter(one -> one.name().equals(step)).findFirst().orElseThrow();
    }

    /**
     * All that decides what the steps do, by {@code step.key}: the options that the file gives and those that it leaves to their
     * defaults. Equal for equal work, however the file is written.
     */
    public Map<String, String> settings() {
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(
                "steps", String.join(", ", steps.stream().map(StepSpec::name).toList()));
        for (StepSpec step : steps) {
            settings.put(step.name(), step.type());
            Component.settings(step.name() + ".", step.options(), settings);
        }
        return Collections.unmodifiableMap(settings);
    }

    /** Those of the {@linkplain #settings settings} that a job file spells otherwise, as it spells them. */
    public Map<String, String> spelled() {
        Map<String, String> written = new LinkedHashMap<>();
        steps.forEach(step -> Component.written(step.name() + ".", step.options(), written));
        written.entrySet().removeAll(settings().entrySet());
        return Collections.unmodifiableMap(written);
    }

    /** The {@linkplain #settings settings} that are what an absent key means. */
    public Set<String> defaults() {
        Set<String> keys = new HashSet<>();
        steps.forEach(step -> Component.defaults(step.name() + ".", step.options(), keys));
        return Collections.unmodifiableSet(keys);
    }
}
