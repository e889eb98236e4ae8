package io.modelbatch.extension;

import io.modelbatch.result.ResultOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The types of steps that a process knows. */
public final class StepTypes {
    private static final Pattern KEY = Pattern.compile("[a-z][a-z0-9-]{0,59}");

    private final Map<String, StepType<?>> byKey;

    private StepTypes(Map<String, StepType<?>> byKey) {
        this.byKey = Collections.unmodifiableMap(byKey);
    }

    /**
     * These types, in this order.
     *
     * @throws IllegalArgumentException when two have the same key, or one has a key that no job file can have
     */
    public static StepTypes of(List<? extends StepType<?>> types) {
        Map<String, StepType<?>> byKey = new LinkedHashMap<>();
        for (StepType<?> type : types) {
            if (!KEY.matcher(type.key()).matches()) {
                throw new IllegalArgumentException(type.getClass().getName() + " has the key '" + type.key()
                        + "'; a key is 1 to 60 of a-z, 0-9 and -, and begins with a letter");
            }
            StepType<?> other = byKey.putIfAbsent(type.key(), type);
            if (other != null) {
                throw new IllegalArgumentException("the step type '" + type.key() + "' is both "
                        + other.getClass().getName() + " and " + type.getClass().getName());
            }
        }
        return new StepTypes(byKey);
    }

    /** These types and others after them. */
    public StepTypes with(List<? extends StepType<?>> more) {
        List<StepType<?>> all = new ArrayList<>(byKey.values());
        all.addAll(more);
        return of(all);
    }

    /** The type with that key. */
    public Optional<StepType<?>> find(String key) {
        return Optional.ofNullable(byKey.get(key));
    }

    /** The addresses of folders and objects that a step writes. */
    public List<String> written(StepSpec step) {
        return find(step.type()).map(type -> written(type, step.options())).orElse(List.of());
    }

    private static <O extends Record> List<String> written(StepType<O> type, Record options) {
        return type.writes(type.options().cast(options));
    }

    /** The step whose rows a step works on: of those before it, the nearest of a type whose rows its own type takes. */
    public Optional<StepSpec> source(List<StepSpec> before, StepSpec step) {
        return find(step.type())
                .flatMap(type -> before.stream()
                        .filter(earlier ->
                                find(earlier.type()).filter(type::takesRowsOf).isPresent())
                        .reduce((first, later) -> later));
    }

    /** The options of the result of a step; empty where it makes none. */
    public Optional<ResultOptions> result(StepSpec step) {
        return resultType(step).map(type -> result(type, step.options()));
    }

    private static <O extends Record> ResultOptions result(ResultStepType<O> type, Record options) {
        return type.result(type.options().cast(options));
    }

    /** The names that columns of the result of a step can have, beside that of the key. */
    List<String> resultColumns(StepSpec step) {
        return resultType(step).map(type -> resultColumns(type, step.options())).orElse(List.of());
    }

    private static <O extends Record> List<String> resultColumns(ResultStepType<O> type, Record options) {
        return type.resultColumns(type.options().cast(options));
    }

    private Optional<ResultStepType<?>> resultType(StepSpec step) {
        return find(step.type())
                .flatMap(type -> type instanceof ResultStepType<?> made ? Optional.of(made) : Optional.empty());
    }

    /** All problems of a step that the annotations of its options cannot express. */
    public <O extends Record> List<StepProblem> problems(StepType<O> type, StepDraft<O> draft) {
        List<StepProblem> problems = new ArrayList<>(type.problems(draft));
        problems.addAll(new ResultProblems(this, draft).all());
        return problems;
    }

    /** The columns that a step reads of the rows that it works on. */
    public List<ColumnUse> reads(StepSpec step) {
        return find(step.type()).map(type -> reads(type, step.options())).orElse(List.of());
    }

    private static <O extends Record> List<ColumnUse> reads(StepType<O> type, Record options) {
        return type.reads(type.options().cast(options));
    }

    /** The keys of all types. */
    public List<String> keys() {
        return List.copyOf(byKey.keySet());
    }

    /** All types. */
    public List<StepType<?>> all() {
        return List.copyOf(byKey.values());
    }
}
