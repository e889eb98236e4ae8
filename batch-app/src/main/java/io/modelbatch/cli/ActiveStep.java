package io.modelbatch.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The step at work, as one line of a terminal. Its times count from the beginning of the output: the time of day may jump.
 *
 * @param name the step's name
 * @param started when it began to work
 * @param stage its work before the first count, such as loading a model
 * @param count its progress; null until something was counted
 * @param figures further figures, the most important first
 */
record ActiveStep(
        String name,
        Duration started,
        String stage,
        @Nullable Count count,
        List<String> figures) {
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 8;
    private static final String GAP = "  ";

    /**
     * Progress of a step.
     *
     * @param unit rows or steps
     * @param done of them
     * @param total all of them
     * @param first done when this process began to count
     * @param since when this process began to count
     */
    record Count(String unit, long done, long total, long first, Duration since) {
        private double rate(Duration now) {
            return (done - first) * 1000.0 / Math.max(1, now.minus(since).toMillis());
        }

        private double share() {
            return total == 0 ? 0 : Math.min(1, Math.max(0, (double) done / total));
        }
    }

    ActiveStep at(String newStage) {
        return new ActiveStep(name, started, newStage, count, figures);
    }

    ActiveStep counted(String unit, long done, long total, List<String> newFigures, Duration now) {
        Count next = count == null
                ? new Count(unit, done, total, done, now)
                : new Count(unit, done, total, count.first(), count.since());
        return new ActiveStep(name, started, stage, next, newFigures);
    }

    /** A line of at most {@code width} columns. */
    String text(int width, Duration now) {
        String head = "  %-10s".formatted(name);
        String rest = count == null ? withoutCount(now) : withCount(count, width - LineWrap.columns(head), now);
        return fitted((head + rest).stripTrailing(), width);
    }

    private String withoutCount(Duration now) {
        return GAP + RunMessages.elapsed(now.minus(started)) + GAP + stage;
    }

    /** The count always, then as many of the other items as leave room for the bar. */
    private String withCount(Count counted, int width, Duration now) {
        String total = "%,d".formatted(counted.total());
        StringBuilder items = new StringBuilder(
                ("%s%," + total.length() + "d/%s %s").formatted(GAP, counted.done(), total, counted.unit()));
        int bar = GAP.length() + NARROWEST_BAR;
        for (String item : items(counted, now)) {
            if (bar + items.length() + GAP.length() + item.length() <= width) {
                items.append(GAP).append(item);
            }
        }
        int room = Math.min(WIDEST_BAR, width - GAP.length() - items.length());
        return room < NARROWEST_BAR ? items.toString() : GAP + bar(counted.share(), room) + items;
    }

    private List<String> items(Count counted, Duration now) {
        double rate = counted.rate(now);
        List<String> items = new ArrayList<>(figures);
        if (rate > 0) {
            long left = (long) Math.ceil((counted.total() - counted.done()) / rate);
            items.add(Math.min(1, items.size()), RunMessages.elapsed(Duration.ofSeconds(left)) + " left");
            items.add("%,.0f %s/s".formatted(rate, counted.unit()));
        }
        return items;
    }

    private static String bar(double share, int width) {
        int full = (int) (share * width);
        return "█".repeat(full) + "░".repeat(width - full);
    }

    private static String fitted(String line, int width) {
        int end = line.length();
        while (LineWrap.columns(line.substring(0, end)) > width) {
            end = line.offsetByCodePoints(end, -1);
        }
        return line.substring(0, end);
    }
}
