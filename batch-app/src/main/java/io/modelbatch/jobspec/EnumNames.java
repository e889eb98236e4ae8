package io.modelbatch.jobspec;

import com.fasterxml.jackson.annotation.JsonProperty;
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
        try {
            JsonProperty property =
                    ((Enum<?>) constant).getDeclaringClass().getField(java).getAnnotation(JsonProperty.class);
            return property == null ? java.toLowerCase(Locale.ROOT).replace('_', '-') : property.value();
        } catch (NoSuchFieldException e) {
            throw new IllegalStateException("an enum has a field for each constant", e);
        }
    }
}
