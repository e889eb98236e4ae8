package io.modelbatch.jobspec;

import io.modelbatch.base.PrintableText;
import io.modelbatch.yaml.Problems;
import io.modelbatch.yaml.YamlMapping;
import io.modelbatch.yaml.YamlPosition;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;

/**
 * Makes records of YAML nodes, and reports whatever does not fit. A record's components are the keys of a mapping; their
 * annotations say what is required, what an absent key means, and which values are allowed.
 */
final class Binder {
    private final Problems problems;
    private final Function<String, Interpolation> interpolation;

    /**
     * @param interpolation replaces {@code ${name}} in the text of each key
     */
    Binder(Problems problems, Function<String, Interpolation> interpolation) {
        this.problems = problems;
        this.interpolation = interpolation;
    }

    /** The record that a place holds, and nothing else; empty when something in it does not fit. */
    <R> Optional<R> bind(Class<R> type, YamlPosition place) {
        int before = problems.count();
        List<String> keys = Component.keysOf(type);
        YamlMapping entries = new YamlMapping(place, keys, problems);
        entries.refuseOthers(keys);
        Optional<R> bound = bind(type, entries);
        return problems.count() > before ? Optional.empty() : bound;
    }

    /** The record of those entries that are its components; the others are left to the caller. */
    <R> Optional<R> bind(Class<R> type, YamlMapping entries) {
        if (!entries.isGroup()) {
            return Optional.empty();
        }
        int before = problems.count();
        List<@Nullable Object> values = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            values.add(
                    Component.isUnwrapped(component)
                            ? bind(component.getType(), entries).orElse(null)
                            : value(Component.of(component), entries));
        }
        return problems.count() > before ? Optional.empty() : Optional.of(construct(type, values));
    }

    private @Nullable Object value(Component component, YamlMapping entries) {
        YamlPosition entry = entries.byKey().get(component.key());
        return entry == null
                ? absent(component, entries.place())
                : value(component.type(), component.type(), component.key(), entry);
    }

    private @Nullable Object absent(Component component, YamlPosition place) {
        if (component.required()) {
            problems.add(place.start(), place.path(), "lacks '" + component.key() + "': " + purpose(component));
            return null;
        }
        return component.defaultValue();
    }

    private static String purpose(Component component) {
        Class<?> type = raw(component.type());
        return component.description() + (type.isEnum() ? "; " + Scalars.kind(type) : "");
    }

    private @Nullable Object value(
            AnnotatedType annotated, AnnotatedElement constraints, String key, YamlPosition place) {
        Class<?> type = raw(annotated);
        if (type == Node.class) {
            return place.node();
        } else if (type.isAnnotationPresent(OrBoolean.class) && !(place.node() instanceof MappingNode)) {
            return flag(type, constraints, key, place);
        } else if (type.isRecord()) {
            return bind(type, place).orElse(null);
        } else if (type == Map.class) {
            return raw(argument(annotated, 0)) == String.class ? named(annotated, place) : map(annotated, place);
        } else if (type == List.class) {
            return list(annotated, key, place);
        }
        return scalar(type, constraints, key, place).orElse(null);
    }

    /** A group that is written as true or false. */
    private @Nullable Object flag(Class<?> type, AnnotatedElement constraints, String key, YamlPosition place) {
        if (place.isNull() || !(place.node() instanceof ScalarNode)) {
            String keys = String.join(", ", Component.keysOf(type));
            String wrong = "must be true or false, or a group of keys (" + keys + ")";
            problems.add(
                    place.node().getStartMark(),
                    place.path(),
                    place.isNull() ? "has no value; " + wrong : wrong + ", not " + place.found());
            return null;
        }
        List<@Nullable Object> absent = Collections.nCopies(type.getRecordComponents().length, null);
        return scalar(boolean.class, constraints, key, place)
                .filter(Boolean.TRUE::equals)
                .map(isTrue -> (Object) construct(type, absent))
                .orElse(null);
    }

    private Map<Object, @Nullable Object> map(AnnotatedType annotated, YamlPosition place) {
        List<String> names = EnumNames.of(raw(argument(annotated, 0)));
        YamlMapping entries = new YamlMapping(place, names, problems);
        entries.refuseOthers(names);
        Map<Object, @Nullable Object> map = new LinkedHashMap<>();
        entries.byKey().forEach((key, entry) -> {
            Class<?> keys = raw(argument(annotated, 0));
            AnnotatedType type = argument(annotated, 1);
            Object value = value(type, EnumNames.constraints(keys, key).orElse(type), key, entry);
            EnumNames.find(keys, key).ifPresent(constant -> map.put(constant, value));
        });
        return Collections.unmodifiableMap(map);
    }

    /** A group whose keys are the user's. */
    private Map<String, @Nullable Object> named(AnnotatedType annotated, YamlPosition place) {
        AnnotatedType type = argument(annotated, 1);
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        new YamlMapping(place, List.of(), problems)
                .byKey()
                .forEach((key, entry) -> map.put(key, value(type, type, key, entry)));
        return Collections.unmodifiableMap(map);
    }

    private List<@Nullable Object> list(AnnotatedType annotated, String key, YamlPosition place) {
        if (!(place.node() instanceof SequenceNode sequence)) {
            problems.add(place.start(), place.path(), "must be a list, such as [a, b], not " + place.found());
            return List.of();
        }
        AnnotatedType type = argument(annotated, 0);
        List<@Nullable Object> values = new ArrayList<>();
        for (Node item : sequence.getValue()) {
            values.add(value(type, type, key, place.item(values.size(), item)));
        }
        return Collections.unmodifiableList(values);
    }

    private Optional<Object> scalar(Class<?> type, AnnotatedElement constraints, String key, YamlPosition place) {
        try {
            if (place.isNull()) {
                throw new Scalars.InvalidValueException(
                        "has no value; must be " + Scalars.kind(type) + quotable(type, place));
            } else if (!(place.node() instanceof ScalarNode)) {
                throw new Scalars.InvalidValueException("must be " + Scalars.kind(type) + ", not " + place.found());
            }
            ScalarNode node = (ScalarNode) place.node();
            Optional<Interpolation.Parameter> parameter =
                    interpolation.apply(key).whole(node.getValue());
            if (type == Object.class && Scalars.plainType(node, parameter) != String.class) {
                return scalar(Scalars.plainType(node, parameter), constraints, key, place);
            } else if (type == Object.class || type == String.class) {
                Optional<Object> result =
                        type == Object.class ? interpolation.apply(key).wholeResult(node.getValue()) : Optional.empty();
                return result.isPresent() ? result : Optional.of(text(node, constraints, key, place));
            }
            return Optional.of(
                    parameter.isPresent()
                            ? Scalars.parse(type, constraints, parameter.get())
                            : Scalars.parse(type, constraints, node));
        } catch (Scalars.InvalidValueException e) {
            problems.add(place.node().getStartMark(), place.path(), e.why());
            return Optional.empty();
        }
    }

    private static String quotable(Class<?> type, YamlPosition place) {
        String written = ((ScalarNode) place.node()).getValue();
        return type == String.class && !written.isEmpty() ? " (put '" + written + "' in quotes to use it as text)" : "";
    }

    private String text(ScalarNode node, AnnotatedElement constraints, String key, YamlPosition place)
            throws Scalars.InvalidValueException {
        Interpolation.Text text = interpolation.apply(key).apply(node.getValue());
        text.problems().forEach(problem -> problems.add(node.getStartMark(), place.path(), problem));
        if (!text.isFinal()) {
            return text.value();
        }
        try {
            PathParameters.verify(constraints, node.getValue(), text.value());
            return Scalars.checked(constraints, text.value());
        } catch (Scalars.InvalidValueException e) {
            String written = text.value().equals(node.getValue())
                    ? ""
                    : " (written as '" + PrintableText.line(node.getValue()) + "')";
            throw new Scalars.InvalidValueException(e.why() + written);
        }
    }

    static Class<?> raw(AnnotatedType annotated) {
        return annotated.getType() instanceof ParameterizedType parameterized
                ? (Class<?>) parameterized.getRawType()
                : (Class<?>) annotated.getType();
    }

    static AnnotatedType argument(AnnotatedType annotated, int index) {
        return ((AnnotatedParameterizedType) annotated).getAnnotatedActualTypeArguments()[index];
    }

    private static <R> R construct(Class<R> type, List<@Nullable Object> values) {
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            return type.getDeclaredConstructor(types).newInstance(values.toArray());
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(type + " refuses what its annotations allow", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " has no constructor that can be called", e);
        }
    }
}
