package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A key of the job file: a component of a record, with what its annotations say.
 *
 * @param key the component's name with dashes, or what {@link JsonProperty} calls it
 * @param type with the constraints as annotations
 * @param required whether the key must be there
 * @param defaultText the value of an absent key, as a user would write it
 * @param description one line
 */
record Component(String key, AnnotatedType type, boolean required, Optional<String> defaultText, String description) {
    /** The keys of a record. The keys of a record within it that is {@link JsonUnwrapped} stand among them. */
    static List<Component> of(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .flatMap(component ->
                        isUnwrapped(component) ? of(component.getType()).stream() : Stream.of(of(component)))
                .toList();
    }

    static boolean isUnwrapped(RecordComponent component) {
        return annotation(component, JsonUnwrapped.class).isPresent();
    }

    static List<String> keysOf(Class<?> type) {
        return of(type).stream().map(Component::key).toList();
    }

    static Component of(RecordComponent component) {
        Optional<JsonProperty> property = annotation(component, JsonProperty.class);
        return new Component(
                property.map(JsonProperty::value)
                        .filter(name -> !name.isEmpty())
                        .orElseGet(() -> kebab(component.getName())),
                component.getAnnotatedType(),
                property.map(JsonProperty::required).orElse(false),
                property.map(JsonProperty::defaultValue).filter(text -> !text.isEmpty()),
                annotation(component, JsonPropertyDescription.class)
                        .map(JsonPropertyDescription::value)
                        .orElse(""));
    }

    /** Puts the values of a record under their keys; those of records within it under both keys with a dot between. */
    static void settings(String prefix, Record options, Map<String, String> settings) {
        texts(prefix, options, String::valueOf, settings);
    }

    /** The same as a job file spells them. Runs are compared by the other spelling, which earlier versions kept. */
    static void written(String prefix, Record options, Map<String, String> settings) {
        texts(
                prefix,
                options,
                value -> value instanceof Enum<?> constant ? EnumNames.name(constant) : String.valueOf(value),
                settings);
    }

    private static void texts(
            String prefix, Record options, Function<Object, String> text, Map<String, String> settings) {
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            Object value = value(options, component);
            String key = prefix + of(component).key();
            if (value instanceof Record inner) {
                texts(isUnwrapped(component) ? prefix : key + ".", inner, text, settings);
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((name, each) -> settings.put(key + "." + name, text.apply(each)));
            } else if (value instanceof List<?> list) {
                list(list, text).ifPresent(all -> settings.put(key, all));
            } else if (value != null) {
                settings.put(key, text.apply(value));
            }
        }
    }

    /** A list as JSON, so that {@code [a, b]} is not {@code ["a, b"]}. An empty one is as none. */
    private static Optional<String> list(List<?> list, Function<Object, String> text) {
        ArrayNode json = JsonNodeFactory.instance.arrayNode();
        list.forEach(each -> json.add(text.apply(each)));
        return list.isEmpty() ? Optional.empty() : Optional.of(json.toString());
    }

    /** Collects the keys of a record whose value is what an absent key means. */
    static void defaults(String prefix, Record options, Set<String> keys) {
        for (RecordComponent component : options.getClass().getRecordComponents()) {
            Component described = of(component);
            Object value = value(options, component);
            if (value instanceof Record inner) {
                defaults(isUnwrapped(component) ? prefix : prefix + described.key() + ".", inner, keys);
            } else if (described.defaultText().isPresent() && Objects.equals(value, described.defaultValue())) {
                keys.add(prefix + described.key());
            }
        }
    }

    private static @Nullable Object value(Record options, RecordComponent component) {
        try {
            return component.getAccessor().invoke(options);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component.toString(), e);
        }
    }

    /** The value of an absent key; null for none. */
    @Nullable
    Object defaultValue() {
        Class<?> raw = Binder.raw(type);
        if (defaultText.isPresent()) {
            try {
                return Scalars.parse(raw, type, defaultText.get());
            } catch (Scalars.InvalidValueException e) {
                throw new IllegalStateException("the default of " + key + " " + e.why(), e);
            }
        }
        return raw == Map.class ? Map.of() : raw == List.class ? List.of() : null;
    }

    /** Annotations that may not stand on a component itself are handed on to its accessor. */
    private static <A extends Annotation> Optional<A> annotation(RecordComponent component, Class<A> type) {
        return Optional.ofNullable(component.getAccessor().getAnnotation(type));
    }

    private static String kebab(String name) {
        return name.replaceAll("(?<=.)([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    }
}
