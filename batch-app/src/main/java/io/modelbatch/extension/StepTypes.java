package io.modelbatch.extension;

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

    /** The columns that a step reads of the rows of the nearest {@code extract} before it. */
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
