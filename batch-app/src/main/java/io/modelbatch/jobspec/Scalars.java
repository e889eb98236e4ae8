package io.modelbatch.jobspec;

import io.modelbatch.base.NearestName;
import io.modelbatch.base.PrintableText;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Pattern;
import java.lang.reflect.AnnotatedElement;
import java.math.BigDecimal;
import java.time.ZoneId;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Turns a text of the file into a value of the type that its key wants. The key decides, never YAML's own guess: {@code no}
 * is a text where a text is wanted, and {@code 1_000}, {@code 010} or {@code 1:30} are not numbers.
 */
final class Scalars {
    private static final String WHOLE = "-?(0|[1-9][0-9]*)";
    private static final String NUMBER = "-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?";
    private static final int LONGEST_NUMBER = 100;
    /** Matching recurs for every repeated part, so that a text without end would exhaust the stack. */
    private static final int LONGEST_PATTERN = 1024;

    private Scalars() {}

    /** A text that is not what its key wants; the message says what is. */
    static final class InvalidValueException extends Exception {
        private final String why;

        InvalidValueException(String why) {
            super(why);
            this.why = why;
        }

        String why() {
            return why;
        }
    }

    /** The type of a value that may be a text, a number, or true or false: as it is written, or that of the parameter which stands for it. */
    static Class<?> plainType(ScalarNode node, Optional<Interpolation.Parameter> parameter) {
        if (parameter.isPresent()) {
            return parameter.get().type().map(Scalars::typeOf).orElse(String.class);
        }
        String text = node.getScalarStyle() == ScalarStyle.PLAIN ? node.getValue() : "";
        if (text.equals("true") || text.equals("false")) {
            return boolean.class;
        }
        boolean isNumber =
                text.matches(NUMBER) && !text.matches("-?0[0-9].*"); // the latter may be a code, such as a postal one
        return text.matches(WHOLE) ? long.class : isNumber ? double.class : String.class;
    }

    private static Class<?> typeOf(ParameterType type) {
        return switch (type) {
            case INT64 -> long.class;
            case FLOAT64 -> double.class;
            case BOOL -> boolean.class;
            case STRING, DATE, TIMESTAMP -> String.class;
        };
    }

    /** The kind of value, in words. */
    static String kind(Class<?> type) {
        if (type == String.class) {
            return "a text";
        } else if (type == Object.class) {
            return "a text, a number, or true or false";
        } else if (isWhole(type)) {
            return "a whole number";
        } else if (type == boolean.class) {
            return "true or false";
        } else if (type.isEnum()) {
            return "one of: " + String.join(", ", EnumNames.of(type));
        }
        return type == ZoneId.class ? "a time zone, such as Asia/Tokyo" : "a number";
    }

    /** The value of what stands where no text is wanted. */
    static Object parse(Class<?> type, AnnotatedElement constraints, ScalarNode node) throws InvalidValueException {
        boolean isName = type.isEnum() || type == ZoneId.class;
        if (node.getValue().contains("${")) {
            throw new InvalidValueException("must be " + kind(type)
                    + (isName ? "; ${…} is not replaced in names" : ", or one parameter and nothing else: ${NAME}"));
        } else if (!isName && node.getScalarStyle() != ScalarStyle.PLAIN) {
            throw new InvalidValueException("must be " + kind(type) + ", without quotes");
        }
        return parse(type, constraints, node.getValue());
    }

    /** The value of a parameter that stands where a number, true or false is wanted. While it has none, a value that fits. */
    static Object parse(Class<?> type, AnnotatedElement constraints, Interpolation.Parameter parameter)
            throws InvalidValueException {
        if (type.isEnum() || type == ZoneId.class) {
            throw new InvalidValueException("must be " + kind(type) + "; ${…} is not replaced in names");
        }
        if (parameter.problem().isPresent()) {
            throw new InvalidValueException(parameter.problem().get());
        }
        List<ParameterType> fitting = parameterTypes(type);
        if (parameter.type().filter(declared -> !fitting.contains(declared)).isPresent()) {
            throw new InvalidValueException("must be " + kind(type) + "; the parameter '" + parameter.name() + "' is a "
                    + EnumNames.name(parameter.type().get()) + ", declare it with type: "
                    + EnumNames.name(fitting.get(0)));
        }
        if (parameter.text().isEmpty()) {
            return type == boolean.class
                    ? false
                    : narrowed(type, "0", Bounds.of(constraints).least(), Bounds.of(constraints));
        }
        try {
            return parse(type, constraints, parameter.text().get());
        } catch (InvalidValueException e) {
            throw new InvalidValueException(e.why() + " (the value of '" + parameter.name() + "')");
        }
    }

    private static List<ParameterType> parameterTypes(Class<?> type) {
        if (type == boolean.class) {
            return List.of(ParameterType.BOOL);
        }
        return isWhole(type) ? List.of(ParameterType.INT64) : List.of(ParameterType.FLOAT64, ParameterType.INT64);
    }

    /** The value of a text without quotes, as in a default. */
    static Object parse(Class<?> type, AnnotatedElement constraints, String text) throws InvalidValueException {
        if (type == String.class) {
            return checked(constraints, text);
        } else if (type == boolean.class) {
            return bool(text);
        } else if (type == ZoneId.class) {
            return zone(text);
        } else if (type.isEnum()) {
            return EnumNames.find(type, text).orElseThrow(() -> unfit(type, text, EnumNames.of(type)));
        }
        return narrowed(type, text, number(type, text), Bounds.of(constraints));
    }

    /** The text, if it is what its constraints allow. */
    static String checked(AnnotatedElement constraints, String text) throws InvalidValueException {
        if (constraints.isAnnotationPresent(NotBlank.class) && text.isBlank()) {
            throw new InvalidValueException("must not be blank");
        }
        Pattern pattern = constraints.getAnnotation(Pattern.class);
        if (pattern != null && (text.length() > LONGEST_PATTERN || !text.matches(pattern.regexp()))) {
            throw new InvalidValueException(pattern.message() + ", not '" + PrintableText.line(text) + "'");
        }
        return text;
    }

    private static boolean bool(String text) throws InvalidValueException {
        if (text.equals("true") || text.equals("false")) {
            return text.equals("true");
        }
        throw unfit(boolean.class, text, List.of("true", "false"));
    }

    private static ZoneId zone(String text) throws InvalidValueException {
        if (ZoneId.getAvailableZoneIds().contains(text)) {
            return ZoneId.of(text);
        }
        throw unfit(ZoneId.class, text, ZoneId.getAvailableZoneIds());
    }

    private static BigDecimal number(Class<?> type, String text) throws InvalidValueException {
        String wanted = isWhole(type) ? WHOLE : NUMBER;
        if (text.length() > LONGEST_NUMBER || !text.matches(wanted)) {
            throw unfit(
                    type,
                    text,
                    List.of(text.replace("_", "").replaceFirst("^(-?)0+(?=[0-9])", "$1")).stream()
                            .filter(plain -> !plain.equals(text) && plain.matches(wanted))
                            .toList());
        }
        return new BigDecimal(text);
    }

    private static Object narrowed(Class<?> type, String text, BigDecimal value, Bounds wanted)
            throws InvalidValueException {
        for (Bounds bounds : List.of(wanted, wanted.within(type))) {
            if (!bounds.contain(value)) {
                throw new InvalidValueException("must be " + bounds.describe() + ", not " + PrintableText.line(text));
            }
        }
        if (type == int.class || type == Integer.class) {
            return value.intValueExact();
        } else if (isLong(type)) {
            return value.longValueExact();
        }
        return type == BigDecimal.class ? value : finite(text, value);
    }

    private static double finite(String text, BigDecimal value) throws InvalidValueException {
        double number = value.doubleValue();
        if (Double.isInfinite(number) || (number == 0 && value.signum() != 0)) {
            throw new InvalidValueException("must be a number that 64 bits can hold, not " + PrintableText.line(text));
        }
        return number;
    }

    static boolean isLong(Class<?> type) {
        return type == long.class || type == Long.class;
    }

    static boolean isWhole(Class<?> type) {
        return type == int.class || type == Integer.class || isLong(type);
    }

    static boolean isNumber(Class<?> type) {
        return isWhole(type) || type == double.class || Number.class.isAssignableFrom(type);
    }

    private static InvalidValueException unfit(Class<?> type, String text, Collection<String> allowed) {
        return new InvalidValueException(
                "must be " + kind(type) + ", not '" + PrintableText.line(text) + "'" + NearestName.hint(text, allowed));
    }
}
