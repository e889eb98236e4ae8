package io.modelbatch.jobspec;

import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.lang.reflect.AnnotatedElement;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The range of a number: what the constraints of its component say. */
record Bounds(Optional<Bound> lower, Optional<Bound> upper) {
    /** An end of the range. */
    record Bound(BigDecimal value, boolean inclusive) {}

    static Bounds of(AnnotatedElement element) {
        return new Bounds(lower(element), upper(element));
    }

    /** The same, ending where the type ends. */
    Bounds within(Class<?> type) {
        return new Bounds(lower.or(() -> least(type)), upper.or(() -> most(type)));
    }

    boolean contain(BigDecimal value) {
        return lower.map(bound -> value.compareTo(bound.value()) >= (bound.inclusive() ? 0 : 1))
                        .orElse(true)
                && upper.map(bound -> value.compareTo(bound.value()) <= (bound.inclusive() ? 0 : -1))
                        .orElse(true);
    }

    /** A value that they contain, near their lower end. */
    BigDecimal least() {
        BigDecimal low = lower.map(Bound::value).orElse(BigDecimal.ZERO);
        if (lower.map(Bound::inclusive).orElse(true) && contain(low)) {
            return low;
        }
        BigDecimal high = upper.map(Bound::value).orElse(low.add(BigDecimal.ONE));
        return low.add(high).divide(BigDecimal.valueOf(2), MathContext.DECIMAL64);
    }

    /** {@code from 1 to 1000}, {@code at least 1}, {@code above 0 and below 1}, …. */
    String describe() {
        if (lower.filter(Bound::inclusive).isPresent()
                && upper.filter(Bound::inclusive).isPresent()) {
            return "from " + plain(lower) + " to " + plain(upper);
        }
        return Stream.of(
                        lower.map(bound -> (bound.inclusive() ? "at least " : "above ") + plain(lower)),
                        upper.map(bound -> (bound.inclusive() ? "at most " : "below ") + plain(upper)))
                .flatMap(Optional::stream)
                .collect(Collectors.joining(" and "));
    }

    private static String plain(Optional<Bound> bound) {
        return bound.orElseThrow().value().toPlainString();
    }

    private static Optional<Bound> lower(AnnotatedElement element) {
        DecimalMin decimal = element.getAnnotation(DecimalMin.class);
        if (decimal != null) {
            return Optional.of(new Bound(new BigDecimal(decimal.value()), decimal.inclusive()));
        }
        return Optional.ofNullable(element.getAnnotation(Min.class)).map(min -> inclusive(min.value()));
    }

    private static Optional<Bound> upper(AnnotatedElement element) {
        DecimalMax decimal = element.getAnnotation(DecimalMax.class);
        if (decimal != null) {
            return Optional.of(new Bound(new BigDecimal(decimal.value()), decimal.inclusive()));
        }
        return Optional.ofNullable(element.getAnnotation(Max.class)).map(max -> inclusive(max.value()));
    }

    private static Optional<Bound> least(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return Optional.of(inclusive(Integer.MIN_VALUE));
        }
        return Scalars.isLong(type) ? Optional.of(inclusive(Long.MIN_VALUE)) : Optional.empty();
    }

    private static Optional<Bound> most(Class<?> type) {
        if (type == int.class || type == Integer.class) {
            return Optional.of(inclusive(Integer.MAX_VALUE));
        }
        return Scalars.isLong(type) ? Optional.of(inclusive(Long.MAX_VALUE)) : Optional.empty();
    }

    private static Bound inclusive(long value) {
        return new Bound(BigDecimal.valueOf(value), true);
    }
}
