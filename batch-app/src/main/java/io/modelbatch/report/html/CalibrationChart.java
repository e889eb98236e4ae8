package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.List;

/**
 * The share of correct answers by their score: on the diagonal, a score is a probability.
 *
 * @param points mean score and accuracy of each interval, and its share of the rows
 */
public record CalibrationChart(List<Point> points) implements AxisChart {
    /**
     * The answers of an interval of scores.
     *
     * @param score their mean score
     * @param accuracy the share of them that is correct
     * @param share their share of all answers
     */
    public record Point(double score, double accuracy, double share) {}

    @Override
    public void draw(Html html) {
        Scale x = new Scale(0, 1, AxisFrame.LEFT, AxisFrame.RIGHT);
        Scale y = AxisFrame.vertical(1);
        AxisFrame.drawVertical(html, y, "correct", Amount::percent);
        AxisFrame.drawHorizontal(html, x, "score", Amount::number);
        html.empty(
                "path",
                "d",
                "M" + px(x.at(0)) + " " + px(y.at(0)) + "L" + px(x.at(1)) + " " + px(y.at(1)),
                "class",
                "outline");
        for (Point point : points) {
            html.empty(
                    "circle",
                    "cx",
                    px(x.at(point.score())),
                    "cy",
                    px(y.at(point.accuracy())),
                    "r",
                    px(3 + 9 * Math.sqrt(point.share())),
                    "class",
                    "dot s1 see-through");
        }
    }
}
