package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.List;

/**
 * Bars from left to right, each with its name, and another value of each as an outline.
 *
 * @param bars from the top
 */
public record BarChart(List<Bar> bars) implements Chart {
    private static final int LINE = 24;
    private static final int NAMES = 128;
    private static final int VALUES = 64;
    private static final int LONGEST_NAME = 19;

    /**
     * A bar.
     *
     * @param name its name
     * @param share from 0 to 1
     * @param outline another share; negative for none
     */
    public record Bar(String name, double share, double outline) {}

    @Override
    public int width() {
        return AxisFrame.WIDTH;
    }

    @Override
    public int height() {
        return AxisFrame.TOP + bars.size() * LINE + 4;
    }

    @Override
    public void draw(Html html) {
        double largest = bars.stream()
                .mapToDouble(bar -> Math.max(bar.share(), bar.outline()))
                .max()
                .orElse(1);
        Scale x = new Scale(0, largest > 0 ? largest : 1, NAMES, AxisFrame.WIDTH - VALUES);
        int y = AxisFrame.TOP;
        for (Bar bar : bars) {
            html.element(
                    "text",
                    brief(bar.name()),
                    "x",
                    px(NAMES - 8),
                    "y",
                    px(y + 15),
                    "text-anchor",
                    "end",
                    "class",
                    "name");
            html.empty(
                    "rect",
                    "x",
                    px(NAMES),
                    "y",
                    px(y + 3),
                    "width",
                    px(Math.max(0.5, x.at(bar.share()) - NAMES)),
                    "height",
                    px(LINE - 8),
                    "class",
                    "bar");
            double end = x.at(bar.share());
            if (bar.outline() >= 0) {
                end = Math.max(end, x.at(bar.outline()));
                html.empty(
                        "path",
                        "d",
                        "M" + NAMES + " " + (y + 3) + "H" + px(x.at(bar.outline())) + "v" + (LINE - 8) + "H" + NAMES,
                        "class",
                        "outline");
            }
            html.element("text", Amount.percent(bar.share()), "x", px(end + 6), "y", px(y + 15), "class", "tick");
            y += LINE;
        }
        if (bars.stream().anyMatch(bar -> bar.outline() >= 0)) {
            drawLegend(html);
        }
    }

    static void drawLegend(Html html) {
        html.empty("rect", "x", "244", "y", "3", "width", "12", "height", "10", "class", "bar");
        html.element("text", "this run", "x", "260", "y", "12", "class", "tick");
        html.empty("rect", "x", "326", "y", "3", "width", "12", "height", "10", "class", "outline");
        html.element("text", "previous", "x", "342", "y", "12", "class", "tick");
    }

    static String brief(String name) {
        String shown = Printable.of(name).replace('\n', ' ');
        return shown.codePointCount(0, shown.length()) <= LONGEST_NAME
                ? shown
                : shown.substring(0, shown.offsetByCodePoints(0, LONGEST_NAME - 1)) + "…";
    }
}
