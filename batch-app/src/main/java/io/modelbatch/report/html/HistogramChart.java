package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.List;
import java.util.stream.DoubleStream;

/**
 * The shares of intervals as bars, and another such distribution as an outline.
 *
 * @param name of the horizontal axis
 * @param edges the limits of the intervals
 * @param shares of the intervals, from 0 to 1
 * @param outline the other distribution over the same intervals; empty for none
 */
public record HistogramChart(String name, List<Double> edges, List<Double> shares, List<Double> outline)
        implements AxisChart {
    private static final int LABELS = 6;

    @Override
    public void draw(Html html) {
        Scale y = AxisFrame.vertical(DoubleStream.concat(
                        shares.stream().mapToDouble(share -> share),
                        outline.stream().mapToDouble(share -> share))
                .max()
                .orElse(1));
        AxisFrame.drawVertical(html, y, "share of rows", Amount::percent);
        // Intervals are as wide as each other: those of lengths grow, and a linear axis would hide the short ones.
        double width = (AxisFrame.RIGHT - AxisFrame.LEFT) / (double) Math.max(1, shares.size());
        for (int i = 0; i < shares.size(); i++) {
            double top = y.at(shares.get(i));
            html.empty(
                    "rect",
                    "x",
                    px(AxisFrame.LEFT + i * width + 0.5),
                    "y",
                    px(top),
                    "width",
                    px(Math.max(0.5, width - 1)),
                    "height",
                    px(AxisFrame.BOTTOM - top),
                    "class",
                    "bar");
        }
        drawOutline(html, y, width);
        int every = Math.max(1, (int) Math.ceil((edges.size() - 1) / (double) LABELS));
        for (int i = 0; i < edges.size(); i += every) {
            AxisFrame.drawTick(html, AxisFrame.LEFT + i * width, Amount.number(edges.get(i)));
        }
        AxisFrame.drawName(html, name);
    }

    private void drawOutline(Html html, Scale y, double width) {
        if (outline.isEmpty()) {
            return;
        }
        StringBuilder path = new StringBuilder("M" + AxisFrame.LEFT + " " + AxisFrame.BOTTOM);
        for (int i = 0; i < outline.size(); i++) {
            path.append('V').append(px(y.at(outline.get(i)))).append('H').append(px(AxisFrame.LEFT + (i + 1) * width));
        }
        html.empty("path", "d", path.append('V').append(AxisFrame.BOTTOM).toString(), "class", "outline");
        BarChart.drawLegend(html);
    }
}
