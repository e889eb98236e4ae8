package io.modelbatch.report.html;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A linear scale from values to pixels.
 *
 * @param low the value at the beginning
 * @param high the value at the end
 * @param from the pixel at the beginning
 * @param to the pixel at the end
 */
record Scale(double low, double high, double from, double to) {
    /** One from 0 to a round number that is not below {@code largest}. */
    static Scale fromZero(double largest, double from, double to) {
        double usable = largest > 0 && Double.isFinite(largest) ? largest : 1;
        double step = step(usable);
        return new Scale(0, Math.ceil(usable / step - 1e-9) * step, from, to);
    }

    /** The pixel of a value. */
    double at(double value) {
        double share = high == low ? 0 : (value - low) / (high - low);
        return from + (to - from) * Math.max(0, Math.min(1, share));
    }

    /** Round values, about five of them; the value itself where there is only one. */
    List<Double> ticks() {
        double range = high - low;
        if (!(range > 1e-9 * Math.max(Math.abs(low), Math.abs(high))) || Double.isInfinite(range)) {
            return Double.isFinite(low) ? List.of(low) : List.of();
        }
        double step = step(range);
        List<Double> ticks = new ArrayList<>();
        for (long i = (long) Math.ceil(low / step - 1e-9); i * step <= high + 1e-9 * step; i++) {
            ticks.add(i * step);
        }
        return ticks;
    }

    /** A step of 1, 2 or 5 and zeros that divides a range into three to six parts. */
    private static double step(double range) {
        double rough = range / 5;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double factor = rough / power;
        return power * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
    }

    /** A number of pixels in SVG. */
    static String px(double pixels) {
        String text = String.format(Locale.ROOT, "%.1f", pixels);
        return text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
    }
}
