package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.Map;

/**
 * The parts of a whole, side by side.
 *
 * @param parts at most four, in order
 */
public record ShareBar(Map<String, Double> parts) implements Chart {
    private static final int BAR = 28;
    private static final int LINE = 22;

    @Override
    public int width() {
        return AxisFrame.WIDTH;
    }

    @Override
    public int height() {
        return BAR + 14 + parts.size() * LINE;
    }

    @Override
    public void draw(Html html) {
        double sum =
                Math.max(1e-9, parts.values().stream().mapToDouble(part -> part).sum());
        double x = 0;
        int number = 0;
        for (Map.Entry<String, Double> part : parts.entrySet()) {
            number++;
            double width = part.getValue() / sum * AxisFrame.WIDTH;
            html.empty(
                    "rect",
                    "x",
                    px(x),
                    "y",
                    "0",
                    "width",
                    px(Math.max(0, width - 1)),
                    "height",
                    px(BAR),
                    "class",
                    "part p" + number);
            x += width;
            double y = BAR + 14 + (number - 1) * LINE;
            html.empty("rect", "x", "0", "y", px(y), "width", "12", "height", "12", "class", "part p" + number);
            html.element("text", part.getKey(), "x", "20", "y", px(y + 11), "class", "name");
            html.element(
                    "text",
                    Amount.duration(part.getValue()) + " · " + Amount.percent(part.getValue() / sum),
                    "x",
                    px(AxisFrame.WIDTH - 2),
                    "y",
                    px(y + 11),
                    "text-anchor",
                    "end",
                    "class",
                    "tick");
        }
    }
}
