package io.modelbatch.jobspec;

import java.time.LocalTime;
import java.util.Arrays;

/** The cron expressions that a Kubernetes CronJob takes, without its macros. */
final class Cron {
    static final String MESSAGE = "must be five fields 'minute hour day month weekday', as in '15 3 * * *'"
            + " (0-59, 0-23, 1-31, 1-12, 0-6 from Sunday)";

    private static final String MINUTE = "[0-5]?[0-9]";
    private static final String HOUR = "([01]?[0-9]|2[0-3])";
    private static final String DAY = "(0?[1-9]|[12][0-9]|3[01])";
    private static final String MONTH = "(0?[1-9]|1[0-2]|JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)";
    private static final String WEEKDAY = "([0-6]|SUN|MON|TUE|WED|THU|FRI|SAT)";
    private static final String STEP = "(/[1-9][0-9]?)?";
    private static final String MINUTES = "(\\*|" + MINUTE + "(-" + MINUTE + ")?)" + STEP;
    private static final String HOURS = "(\\*|" + HOUR + "(-" + HOUR + ")?)" + STEP;
    private static final String DAYS = "(\\*|" + DAY + "(-" + DAY + ")?)" + STEP;
    private static final String MONTHS = "(\\*|" + MONTH + "(-" + MONTH + ")?)" + STEP;
    private static final String WEEKDAYS = "(\\*|" + WEEKDAY + "(-" + WEEKDAY + ")?)" + STEP;

    static final String EXPRESSION = MINUTES + "(," + MINUTES + ")* +" + HOURS + "(," + HOURS + ")* +" + DAYS + "(,"
            + DAYS + ")* +" + MONTHS + "(," + MONTHS + ")* +" + WEEKDAYS + "(," + WEEKDAYS + ")*";

    private Cron() {}

    /** The latest time of a day at which an expression starts something, whatever the day. */
    static LocalTime latest(String expression) {
        String[] fields = expression.strip().split(" +");
        return LocalTime.of(latest(fields[1], 23), latest(fields[0], 59));
    }

    /** The largest number of a field. A number with a step begins a range to the end, as Kubernetes reads it. */
    private static int latest(String field, int most) {
        return Arrays.stream(field.split(","))
                .mapToInt(part -> {
                    String[] halves = part.split("/");
                    String[] range = halves[0].split("-");
                    boolean isAny = halves[0].equals("*");
                    int first = isAny ? 0 : Integer.parseInt(range[0]);
                    int last = isAny || range.length == 1 && halves.length == 2
                            ? most
                            : Integer.parseInt(range[range.length - 1]);
                    int step = halves.length == 2 ? Integer.parseInt(halves[1]) : 1;
                    return first + (last - first) / step * step;
                })
                .max()
                .orElseThrow();
    }
}
