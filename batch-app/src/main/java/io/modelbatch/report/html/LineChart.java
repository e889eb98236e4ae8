package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.List;
import java.util.function.DoubleFunction;
import java.util.stream.Stream;

/**
 * Lines over a horizontal axis.
 *
 * @param across the horizontal axis
 * @param up the vertical axis
 * @param series the lines, at most four
 */
public record LineChart(Axis across, Axis up, List<Series> series) implements AxisChart {
    private static final int FEW = 30;

    /**
     * An axis.
     *
     * @param name its measure, with the unit
     * @param from where it begins, if it is the vertical one
     * @param words a value of it in words
     */
    public record Axis(String name, double from, DoubleFunction<String> words) {
        /** One that begins at 0. */
        public Axis(String name, DoubleFunction<String> words) {
            this(name, 0, words);
        }
    }

    /**
     * A line.
     *
     * @param name its name
     * @param points from left to right
     */
    public record Series(String name, List<Point> points) {}

    /**
     * A point of a line.
     *
     * @param x across
     * @param y up
     */
    public record Point(double x, double y) {}

    @Override
    public void draw(Html html) {
        double low = all().mapToDouble(Point::x).min().orElse(0);
        double high = all().mapToDouble(Point::x).max().orElse(1);
        Scale x = new Scale(low, high, AxisFrame.LEFT, AxisFrame.RIGHT);
        double largest =
                all().mapToDouble(Point::y).filter(Double::isFinite).max().orElse(1);
        Scale y = up.from() == 0
                ? AxisFrame.vertical(largest)
                : new Scale(
                        up.from(),
                        Math.max(Math.ceil(10 * largest) / 10, up.from() + 0.1),
                        AxisFrame.BOTTOM,
                        AxisFrame.TOP);
        AxisFrame.drawVertical(html, y, up.name(), up.words());
        AxisFrame.drawHorizontal(html, x, across.name(), across.words());
        for (int i = 0; i < series.size(); i++) {
            draw(html, series.get(i), x, y, i + 1);
        }
    }

    private void draw(Html html, Series line, Scale x, Scale y, int number) {
        StringBuilder path = new StringBuilder();
        boolean draws = false;
        for (Point point : line.points()) {
            // What is not a number, such as the loss of a training that diverged, leaves a gap.
            boolean isThere = Double.isFinite(point.y());
            if (isThere) {
                path.append(draws ? 'L' : 'M')
                        .append(px(x.at(point.x())))
                        .append(' ')
                        .append(px(y.at(point.y())));
            }
            draws = isThere;
        }
        html.empty("path", "d", path.isEmpty() ? "M0 0" : path.toString(), "class", "curve s" + number);
        if (line.points().size() <= FEW) {
            line.points().stream()
                    .filter(point -> Double.isFinite(point.y()))
                    .forEach(point -> html.empty(
                            "circle",
                            "cx",
                            px(x.at(point.x())),
                            "cy",
                            px(y.at(point.y())),
                            "r",
                            "3",
                            "class",
                            "dot s" + number));
        }
        if (series.size() > 1) {
            int left = AxisFrame.WIDTH - 110 * (series.size() - number + 1);
            html.empty("path", "d", "M" + left + " 8h14", "class", "curve s" + number);
            html.element("text", line.name(), "x", px(left + 18), "y", "12", "class", "tick");
        }
    }

    private Stream<Point> all() {
        return series.stream().flatMap(line -> line.points().stream());
    }
}
