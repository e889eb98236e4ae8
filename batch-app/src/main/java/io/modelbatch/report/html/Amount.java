package io.modelbatch.report.html;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers and times as a page shows them. */
public final class Amount {
    /** A thin space that does not break, the separator of groups and units in ISO 80000. */
    private static final char THIN = '\u202f';

    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final int DAY = 86_400;

    private Amount() {}

    /** 12 345. */
    public static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number).replace(',', THIN);
    }

    /** At most four digits that count, such as 0.0123, 1.25, 5e-5 or 12 345. */
    public static String number(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.isNaN(number) ? "–" : number > 0 ? "∞" : "-∞";
        }
        double size = Math.abs(number);
        if (size >= 1000 && size < 1e15) {
            return count(Math.round(number));
        }
        BigDecimal rounded = new BigDecimal(number)
                .round(new MathContext(size < 0.01 ? 3 : 4))
                .stripTrailingZeros();
        if (size >= 1e15 || (size > 0 && size < 1e-3)) {
            BigDecimal digits = rounded.movePointLeft(rounded.precision() - rounded.scale() - 1);
            return digits.stripTrailingZeros().toPlainString() + "e" + (rounded.precision() - rounded.scale() - 1);
        }
        return rounded.toPlainString();
    }

    /** 12.3 %. */
    public static String percent(double share) {
        double percent = 100 * share;
        boolean isWhole = Math.abs(percent - Math.rint(percent)) < 1e-9;
        String format = isWhole ? "%.0f" : Math.abs(percent) < 0.1 ? "%.2f" : "%.1f";
        return String.format(Locale.ROOT, format, percent) + THIN + "%";
    }

    /** A price in its currency. */
    public static String price(double price, String currency) {
        return String.format(Locale.ROOT, price != 0 && price < 0.01 ? "%,.4f" : "%,.2f", price)
                        .replace(',', THIN)
                + THIN
                + currency;
    }

    /** 1.25 s, 2 min 13 s, 3 h 5 min or 2 d 4 h. */
    public static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (seconds < MINUTE) {
            String format = seconds < 10 && seconds != Math.rint(seconds) ? "%.2f" : "%.0f";
            return String.format(Locale.ROOT, format, seconds) + THIN + "s";
        }
        if (whole < HOUR) {
            return two(whole / MINUTE, "min", whole % MINUTE, "s");
        }
        if (whole < DAY) {
            return two(whole / HOUR, "h", whole % HOUR / MINUTE, "min");
        }
        return two(whole / DAY, "d", whole % DAY / HOUR, "h");
    }

    private static String two(long first, String unit, long second, String smaller) {
        return count(first) + THIN + unit + (second == 0 ? "" : " " + second + THIN + smaller);
    }

    /** 12.3 MiB. */
    public static String bytes(long bytes) {
        String[] units = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
        double size = bytes;
        int unit = 0;
        while (size >= 1024 && unit < units.length - 1) {
            size /= 1024;
            unit++;
        }
        return (unit == 0 ? count(bytes) : String.format(Locale.ROOT, "%.1f", size)) + THIN + units[unit];
    }

    /** A time in UTC, as ISO 8601 writes it, to the second. */
    public static String time(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
