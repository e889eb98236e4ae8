package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import jakarta.validation.Constraint;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The spelling of an enum's constants in a job file: with dashes, or as {@link JsonProperty} says. */
final class EnumNames {
    private EnumNames() {}

    static List<String> of(Class<?> type) {
        return Arrays.stream(type.getEnumConstants()).map(EnumNames::name).toList();
    }

    static Optional<Object> find(Class<?> type, String name) {
        return Arrays.stream(type.getEnumConstants())
                .map(Object.class::cast)
                .filter(constant -> name(constant).equals(name))
                .findFirst();
    }

    static String name(Object constant) {
        String java = ((Enum<?>) constant).name();
        JsonProperty property = field(constant).getAnnotation(JsonProperty.class);
        return property == null ? java.toLowerCase(Locale.ROOT).replace('_', '-') : property.value();
    }

    /** The constraints of the value of a constant that is a key of a map; empty where it has none. */
    static Optional<AnnotatedElement> constraints(Class<?> type, String name) {
        return find(type, name)
                .<AnnotatedElement>map(EnumNames::field)
                .filter(field -> Arrays.stream(field.getAnnotations())
                        .anyMatch(annotation -> annotation.annotationType().isAnnotationPresent(Constraint.class)));
    }

    /** The description of a constant as a key of a map; empty where it has none. */
    static Optional<String> description(Class<?> type, String name) {
        return find(type, name)
                .map(constant -> field(constant).getAnnotation(JsonPropertyDescription.class))
                .map(JsonPropertyDescription::value);
    }

    private static Field field(Object constant) {
        try {
            return ((Enum<?>) constant).getDeclaringClass().getField(((Enum<?>) constant).name());
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("an enum has a field for each constant", e);
        }
    }
}
