package io.modelbatch.jobspec;

import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;

/** Mistakes in a record of options itself, which would otherwise appear with the first job file that has such a step. */
public final class OptionsProblems {
    private static final Set<Class<?>> SCALARS = Set.of(
            String.class,
            boolean.class,
            int.class,
            Integer.class,
            long.class,
            Long.class,
            double.class,
            Double.class,
            BigDecimal.class,
            ZoneId.class,
            Node.class);

    private final List<String> problems = new ArrayList<>();

    private OptionsProblems() {}

    /** All mistakes of a class of options, each as what follows the name of its step type. */
    public static List<String> of(@Nullable Class<?> options) {
        if (options == null || !options.isRecord()) {
            return List.of("has options() that are not a record");
        }
        OptionsProblems found = new OptionsProblems();
        found.record(options);
        if (found.problems.isEmpty()) {
            found.keys(options);
        }
        return List.copyOf(found.problems);
    }

    private void keys(Class<?> options) {
        List<String> ofEveryStep = Component.keysOf(StepName.class);
        Set<String> once = new HashSet<>();
        for (String key : Component.keysOf(options)) {
            if (ofEveryStep.contains(key)) {
                add(options, "has the key '" + key + "', which every step has already");
            } else if (!once.add(key)) {
                add(options, "has two components with the key '" + key + "'");
            }
        }
    }

    private void add(Class<?> record, String problem) {
        problems.add("has a mistake in " + record.getName() + ": it " + problem);
    }

    private void record(Class<?> record) {
        if (!isPublic(record)) {
            add(record, "must be public");
            return;
        }
        for (RecordComponent component : record.getRecordComponents()) {
            if (Component.isUnwrapped(component)) {
                if (component.getType().isRecord()) {
                    record(component.getType());
                } else {
                    add(record, "unwraps '" + component.getName() + "', which is not a record");
                }
            } else {
                component(record, Component.of(component));
            }
        }
    }

    private static boolean isPublic(@Nullable Class<?> type) {
        return type == null || Modifier.isPublic(type.getModifiers()) && isPublic(type.getEnclosingClass());
    }

    private void component(Class<?> record, Component component) {
        try {
            verify(record, component);
        } catch (RuntimeException e) {
            add(
                    record,
                    "has an annotation of '" + component.key() + "' that cannot be read: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
    }

    private void verify(Class<?> record, Component component) {
        Class<?> type = Binder.raw(component.type());
        type(record, component.key(), component.type());
        if (component.defaultText().isPresent()) {
            component.defaultValue();
        } else if (type.isPrimitive() && !component.required()) {
            add(
                    record,
                    "gives '" + component.key() + "' neither required = true nor a defaultValue, which " + type
                            + " needs");
        }
    }

    private void type(Class<?> record, String key, AnnotatedType annotated) {
        Class<?> type = Binder.raw(annotated);
        if (type.isRecord()) {
            record(type);
        } else if (type == List.class) {
            type(record, key, Binder.argument(annotated, 0));
        } else if (type == Map.class) {
            Class<?> keys = Binder.raw(Binder.argument(annotated, 0));
            if (keys != String.class && !keys.isEnum()) {
                add(record, "has a map '" + key + "' whose keys are neither String nor an enum");
            }
            type(record, key, Binder.argument(annotated, 1));
        } else if (!isScalar(type)) {
            add(
                    record,
                    "has '" + key + "' of " + type.getName()
                            + "; allowed are String, boolean, int, long, double, BigDecimal, ZoneId, enums, records, List and Map");
        } else {
            constraints(annotated);
        }
    }

    private static boolean isScalar(Class<?> type) {
        return type.isEnum() || SCALARS.contains(type);
    }

    /** Throws when one cannot be read. */
    private static void constraints(AnnotatedElement annotated) {
        Bounds.of(annotated);
        Pattern pattern = annotated.getAnnotation(Pattern.class);
        if (pattern != null) {
            java.util.regex.Pattern.compile(pattern.regexp());
        }
    }
}
