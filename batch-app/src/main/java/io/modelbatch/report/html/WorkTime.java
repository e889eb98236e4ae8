package io.modelbatch.report.html;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The time in which something worked: pauses take no room.
 *
 * @param spans the intervals of work, in their order, none of which overlap
 */
public record WorkTime(List<Span> spans) {
    private static final int LONG_IN_MINUTES = 180;
    private static final int LONG_IN_HOURS = 3 * 3600;

    /**
     * An interval.
     *
     * @param from seconds since the epoch
     * @param to seconds since the epoch
     */
    public record Span(double from, double to) {}

    /**
     * A time without work.
     *
     * @param at seconds of work before it
     * @param seconds its length
     */
    public record Pause(double at, double seconds) {}

    /**
     * A unit of time.
     *
     * @param sign its sign
     * @param seconds its length
     */
    public record Unit(String sign, double seconds) {}

    /** Joins intervals that overlap. */
    public static WorkTime of(List<Span> worked) {
        List<Span> joined = new ArrayList<>();
        for (Span span :
                worked.stream().sorted(Comparator.comparingDouble(Span::from)).toList()) {
            Span last = joined.isEmpty() ? null : joined.get(joined.size() - 1);
            if (last != null && span.from() <= last.to()) {
                joined.set(joined.size() - 1, new Span(last.from(), Math.max(last.to(), span.to())));
            } else {
                joined.add(span);
            }
        }
        return new WorkTime(List.copyOf(joined));
    }

    /** Seconds of work up to a time. */
    public double at(double time) {
        double worked = 0;
        for (Span span : spans) {
            worked += Math.max(0, Math.min(time, span.to()) - span.from());
        }
        return worked;
    }

    /** All seconds of work. */
    public double length() {
        return Math.max(
                1e-3,
                spans.stream().mapToDouble(span -> span.to() - span.from()).sum());
    }

    /** The times without work between two intervals. */
    public List<Pause> pauses() {
        List<Pause> pauses = new ArrayList<>();
        for (int i = 1; i < spans.size(); i++) {
            pauses.add(new Pause(
                    at(spans.get(i).from()),
                    spans.get(i).from() - spans.get(i - 1).to()));
        }
        return pauses;
    }

    /** The unit of an axis of this length. */
    public Unit unit() {
        double length = length();
        return length < LONG_IN_MINUTES
                ? new Unit("s", 1)
                : length < LONG_IN_HOURS ? new Unit("min", 60) : new Unit("h", 3600);
    }
}
