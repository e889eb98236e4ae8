package io.modelbatch.warehouse.google;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.io.JsonStringEncoder;

/**
 * Values of BigQuery as text, the same however they were read: as {@code CAST(x AS STRING)} writes them, bytes in Base64 and arrays as
 * JSON, as {@code TO_JSON_STRING} does.
 *
 * <table>
 * <caption>Texts</caption>
 * <tr><td>INT64, NUMERIC, BIGNUMERIC</td><td>{@code -7}, {@code 1.5}; never an exponent</td></tr>
 * <tr><td>FLOAT64</td><td>{@code 1}, {@code 0.25}, {@code 1e+20}, {@code NaN}, {@code inf}, {@code -inf}</td></tr>
 * <tr><td>DATE, TIME</td><td>{@code 2024-02-29}, {@code 23:30:00}, {@code 23:30:00.250}</td></tr>
 * <tr><td>DATETIME, TIMESTAMP</td><td>{@code 2024-02-29 23:30:00}, {@code 2024-02-29 23:30:00+00}</td></tr>
 * <tr><td>ARRAY</td><td>{@code ["a","b"]}, {@code [1,2]}</td></tr>
 * </table>
 */
final class CellText {
    private static final DateTimeFormatter SECONDS = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter MILLIS = DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT);
    private static final DateTimeFormatter MICROS = DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS", Locale.ROOT);
    private static final MathContext SHORT = new MathContext(15);
    private static final MathContext EXACT = new MathContext(17);

    private CellText() {}

    /** The text of a value: a Java value of the type that is nearest to BigQuery's, a list for an array. */
    static String of(Object value) {
        if (value instanceof String text) {
            return text;
        }
        if (value instanceof BigDecimal number) {
            return number.signum() == 0 ? "0" : number.stripTrailingZeros().toPlainString();
        }
        if (value instanceof Double number) {
            return of(number.doubleValue());
        }
        if (value instanceof byte[] bytes) {
            return Base64.getEncoder().encodeToString(bytes);
        }
        if (value instanceof List<?> list) {
            return list.stream().map(CellText::json).collect(Collectors.joining(",", "[", "]"));
        }
        return ofTime(value);
    }

    private static String ofTime(Object value) {
        if (value instanceof LocalTime time) {
            return of(time);
        }
        if (value instanceof LocalDateTime moment) {
            return moment.toLocalDate() + " " + of(moment.toLocalTime());
        }
        if (value instanceof Instant moment) {
            return ofTime(LocalDateTime.ofInstant(moment, ZoneOffset.UTC)) + "+00";
        }
        if (value instanceof Long || value instanceof Boolean || value instanceof LocalDate) {
            return value.toString();
        }
        throw new IllegalArgumentException(
                "Unsupported type: " + value.getClass().getName());
    }

    private static String of(LocalTime time) {
        int nanos = time.getNano();
        DateTimeFormatter format = nanos == 0 ? SECONDS : nanos % 1_000_000 == 0 ? MILLIS : MICROS;
        return format.format(time);
    }

    /** C's {@code %g} with the 15 digits that most numbers need, or else with 17, which always suffice. */
    private static String of(double number) {
        if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            return Long.toString((long) number);
        }
        if (Double.isNaN(number)) {
            return "NaN";
        }
        if (Double.isInfinite(number)) {
            return number > 0 ? "inf" : "-inf";
        }
        BigDecimal exact = new BigDecimal(number);
        BigDecimal rounded = exact.round(SHORT);
        return rounded.doubleValue() == number
                ? general(rounded, SHORT.getPrecision())
                : general(exact.round(EXACT), EXACT.getPrecision());
    }

    private static String general(BigDecimal number, int digits) {
        BigDecimal shortest = number.stripTrailingZeros();
        int exponent = shortest.precision() - shortest.scale() - 1;
        if (exponent >= -4 && exponent < digits) {
            return shortest.toPlainString();
        }
        String significand =
                shortest.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return String.format(Locale.ROOT, "%se%s%02d", significand, exponent < 0 ? "-" : "+", Math.abs(exponent));
    }

    private static String json(@Nullable Object element) {
        if (element == null) {
            return "null";
        }
        boolean bare = element instanceof Long
                || element instanceof BigDecimal
                || element instanceof Boolean
                || (element instanceof Double number && Double.isFinite(number));
        return bare
                ? of(element)
                : '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsCharArray(of(element))) + '"';
    }
}
