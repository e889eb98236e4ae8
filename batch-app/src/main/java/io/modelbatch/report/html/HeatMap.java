package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.List;
import java.util.Locale;

/**
 * A square of counts, the darker the larger their share of their row.
 *
 * @param names of the rows and of the columns
 * @param counts by row
 */
public record HeatMap(List<String> names, List<List<Long>> counts) implements Chart {
    private static final int NAMES = 128;
    private static final int ROOM = AxisFrame.WIDTH - NAMES - 6;
    private static final int NUMBERED = 12;

    @Override
    public int width() {
        return AxisFrame.WIDTH;
    }

    @Override
    public int height() {
        return (int) Math.ceil(side() * names.size()) + 20 + (isNumbered() ? below() : 6);
    }

    @Override
    public void draw(Html html) {
        html.element("text", "true label ↓   answer →", "x", "0", "y", "12", "class", "axis");
        for (int row = 0; row < names.size(); row++) {
            double y = 20 + row * side();
            if (side() >= 9) {
                html.element(
                        "text",
                        BarChart.brief(names.get(row)),
                        "x",
                        px(NAMES - 6),
                        "y",
                        px(y + side() / 2 + 4),
                        "text-anchor",
                        "end",
                        "class",
                        "name");
            }
            drawRow(html, counts.get(row), y);
        }
        for (int column = 0; isNumbered() && column < names.size(); column++) {
            double x = NAMES + (column + 0.5) * side() + 4;
            double y = 26 + names.size() * side();
            html.element(
                    "text",
                    BarChart.brief(names.get(column)),
                    "x",
                    px(x),
                    "y",
                    px(y),
                    "text-anchor",
                    "end",
                    "transform",
                    "rotate(-90 " + px(x) + " " + px(y) + ")",
                    "class",
                    "name");
        }
    }

    private void drawRow(Html html, List<Long> row, double y) {
        long sum = Math.max(1, row.stream().mapToLong(count -> count).sum());
        for (int column = 0; column < row.size(); column++) {
            double share = row.get(column) / (double) sum;
            double x = NAMES + column * side();
            html.empty(
                    "rect",
                    "x",
                    px(x + 0.5),
                    "y",
                    px(y + 0.5),
                    "width",
                    px(side() - 1),
                    "height",
                    px(side() - 1),
                    "class",
                    "heat",
                    "fill-opacity",
                    opacity(share));
            if (isNumbered() && row.get(column) > 0) {
                html.element(
                        "text",
                        Amount.count(row.get(column)),
                        "x",
                        px(x + side() / 2),
                        "y",
                        px(y + side() / 2 + 4),
                        "text-anchor",
                        "middle",
                        "class",
                        share > 0.55 ? "tick on" : "tick");
            }
        }
    }

    /** A rare mistake must be seen too. */
    private static String opacity(double share) {
        return share == 0 ? "0.03" : String.format(Locale.ROOT, "%.2f", 0.12 + 0.88 * share);
    }

    /** Room for the longest name. */
    private int below() {
        int longest = names.stream()
                .mapToInt(name -> BarChart.brief(name).length())
                .max()
                .orElse(0);
        return Math.min(NAMES, 14 + 7 * longest);
    }

    private double side() {
        return Math.min(44, ROOM / (double) Math.max(1, names.size()));
    }

    private boolean isNumbered() {
        return names.size() <= NUMBERED;
    }
}
