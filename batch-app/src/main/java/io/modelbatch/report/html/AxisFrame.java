package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.function.DoubleFunction;

/** The axes of a small chart: lines and numbers at the left and below. */
final class AxisFrame {
    static final int WIDTH = 420;
    static final int HEIGHT = 220;
    static final int LEFT = 56;
    static final int RIGHT = WIDTH - 14;
    static final int TOP = 22;
    static final int BOTTOM = HEIGHT - 38;

    private AxisFrame() {}

    /** A vertical scale that begins at 0. */
    static Scale vertical(double largest) {
        return Scale.fromZero(largest, BOTTOM, TOP);
    }

    /** The vertical axis: its name above, a line at each tick. */
    static void drawVertical(Html html, Scale scale, String name, DoubleFunction<String> words) {
        html.element("text", name, "x", "0", "y", "12", "class", "axis");
        for (double tick : scale.ticks()) {
            String y = px(scale.at(tick));
            html.empty("path", "d", "M" + LEFT + " " + y + "H" + RIGHT, "class", tick == scale.low() ? "base" : "grid");
            html.element(
                    "text",
                    words.apply(tick),
                    "x",
                    px(LEFT - 6),
                    "y",
                    px(scale.at(tick) + 4),
                    "text-anchor",
                    "end",
                    "class",
                    "tick");
        }
    }

    /** The horizontal axis: numbers below, and its name. */
    static void drawHorizontal(Html html, Scale scale, String name, DoubleFunction<String> words) {
        for (double tick : scale.ticks()) {
            drawTick(html, scale.at(tick), words.apply(tick));
        }
        drawName(html, name);
    }

    /** A number below the horizontal axis. */
    static void drawTick(Html html, double x, String words) {
        String anchor = x > RIGHT - 20 ? "end" : "middle";
        html.element(
                "text",
                words,
                "x",
                px(x > RIGHT - 20 ? RIGHT : x),
                "y",
                px(BOTTOM + 16),
                "text-anchor",
                anchor,
                "class",
                "tick");
    }

    /** The name of the horizontal axis. */
    static void drawName(Html html, String name) {
        html.element(
                "text",
                name,
                "x",
                px((LEFT + RIGHT) / 2.0),
                "y",
                px(HEIGHT - 6),
                "text-anchor",
                "middle",
                "class",
                "axis");
    }
}
