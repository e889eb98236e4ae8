package io.modelbatch.jobspec;

import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Optional;

/** The type of a parameter's value. */
public enum ParameterType {
    /** A text of at most 2,000 characters, all of which are known: {@link String}. */
    STRING("a text of at most 2000 characters in UTF-8") {
        @Override
        Optional<Object> parse(String text, LocalDate today) {
            return Optional.<Object>of(text).filter(whole -> text.length() <= 2000 && !text.contains("\uFFFD"));
        }
    },
    /** A whole number of 64 bits: {@link Long}. */
    INT64("a whole number of 64 bits") {
        @Override
        Optional<Object> parse(String text, LocalDate today) {
            return matching("-?[0-9]{1,19}", text).map(Long::valueOf);
        }
    },
    /** A finite number: {@link Double}. */
    FLOAT64("a number") {
        @Override
        Optional<Object> parse(String text, LocalDate today) {
            return matching("-?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][-+]?[0-9]{1,4})?", text)
                    .map(number -> Double.valueOf(number) + 0.0)
                    .filter(Double::isFinite)
                    .map(Object.class::cast);
        }
    },
    /** {@link Boolean}. */
    BOOL("true or false") {
        @Override
        Optional<Object> parse(String text, LocalDate today) {
            return matching("true|false", text).map(Boolean::valueOf);
        }
    },
    /** A day: {@link LocalDate}. */
    DATE("a date, such as 2026-03-31, today or yesterday") {
        @Override
        Optional<Object> parse(String text, LocalDate today) {
            return switch (text) {
                case "today" -> Optional.of(today);
                case "yesterday" -> Optional.of(today.minusDays(1));
                default ->
                    matching("[0-9]{4}-[0-9]{2}-[0-9]{2}", text)
                            .map(LocalDate::parse)
                            .filter(date -> date.getYear() > 0)
                            .map(Object.class::cast);
            };
        }
    },
    /** A moment, to the microsecond: {@link Instant}. */
    TIMESTAMP(
            "a moment to the microsecond with its offset, such as 2026-03-31T09:30:00Z or 2026-03-31T09:30:00+09:00") {
        @Override
        Optional<Object> parse(String text, LocalDate today) {
            return matching("[0-9]{4}-.*", text)
                    .map(moment -> OffsetDateTime.parse(moment).toInstant())
                    .filter(moment -> moment.getNano() % 1000 == 0)
                    .map(Object.class::cast);
        }
    };

    private final String wanted;

    ParameterType(String wanted) {
        this.wanted = wanted;
    }

    abstract Optional<Object> parse(String text, LocalDate today);

    /** A description of its values, for messages. */
    String wanted() {
        return wanted;
    }

    /** The value of a text; empty when it is none of this type. */
    Optional<ParameterValue> value(String text, LocalDate today) {
        try {
            return parse(text, today).map(value -> new ParameterValue(this, value));
        } catch (NumberFormatException | DateTimeException e) {
            return Optional.empty();
        }
    }

    /** The one text of a value, however it was written: {@code 5e-4} and {@code 0.00050} are both {@code 0.0005}. */
    static String text(Object value) {
        return value instanceof Double number
                ? new BigDecimal(number.toString()).stripTrailingZeros().toPlainString()
                : value.toString();
    }

    private static Optional<String> matching(String pattern, String text) {
        return Optional.of(text).filter(whole -> whole.matches(pattern));
    }
}
