package io.modelbatch.report.html;

import static io.modelbatch.report.html.Scale.px;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Bars over time. Times without work are left out of the axis: a run that was resumed after two days shows its work, and where it paused.
 *
 * @param axis the time
 * @param lanes from the top
 */
public record TimelineChart(WorkTime axis, List<Lane> lanes) implements Chart {
    private static final int WIDTH = 860;
    private static final int NAMES = 150;
    private static final int RIGHT = WIDTH - 16;
    private static final int TOP = 24;
    private static final int GAP = 8;
    private static final int FOOT = 44;
    private static final int LABEL = 120;

    /**
     * Bars below each other, or one row of them.
     *
     * @param name at the left; empty for none
     * @param rows the bars of each row, from the top
     * @param height of all rows
     */
    public record Lane(String name, List<List<Bar>> rows, int height) {}

    /**
     * A bar.
     *
     * @param from its beginning, in seconds since the epoch
     * @param to its end
     * @param state decides its color
     */
    public record Bar(double from, double to, State state) {}

    /** The state of an execution. */
    public enum State {
        DONE,
        SLOW,
        FAILED,
        STOPPED,
        AT_WORK
    }

    @Override
    public int width() {
        return WIDTH;
    }

    @Override
    public int height() {
        return TOP + lanes.stream().mapToInt(lane -> lane.height() + GAP).sum() + FOOT;
    }

    @Override
    public void draw(Html html) {
        Scale x = new Scale(0, axis.length(), NAMES, RIGHT);
        int bottom = height() - FOOT + 2;
        for (double tick : new Scale(0, axis.length() / axis.unit().seconds(), NAMES, RIGHT).ticks()) {
            String at = px(x.at(tick * axis.unit().seconds()));
            html.empty("path", "d", "M" + at + " " + TOP + "V" + bottom, "class", "grid");
            html.element(
                    "text",
                    Amount.number(tick) + " " + axis.unit().sign(),
                    "x",
                    at,
                    "y",
                    px(bottom + 14),
                    "text-anchor",
                    "middle",
                    "class",
                    "tick");
        }
        double free = 0;
        for (WorkTime.Pause pause : axis.pauses()) {
            double at = x.at(pause.at());
            html.empty("path", "d", "M" + px(at) + " " + (TOP - 8) + "V" + bottom, "class", "pause");
            if (at > free) {
                String words = "paused " + Amount.duration(pause.seconds());
                double middle = Math.max(NAMES + LABEL / 2.0, Math.min(RIGHT - LABEL / 2.0, at));
                html.element("text", words, "x", px(middle), "y", "12", "text-anchor", "middle", "class", "tick");
                free = at + LABEL;
            }
        }
        int y = TOP;
        for (Lane lane : lanes) {
            draw(html, lane, x, y);
            y += lane.height() + GAP;
        }
        drawLegend(html);
    }

    private void drawLegend(Html html) {
        int left = NAMES;
        int y = height() - 6;
        for (State state : State.values()) {
            boolean isThere = lanes.stream()
                    .flatMap(lane -> lane.rows().stream())
                    .flatMap(List::stream)
                    .anyMatch(bar -> bar.state() == state);
            if (isThere) {
                html.empty(
                        "path",
                        "d",
                        "M" + left + " " + (y - 4) + "h12",
                        "stroke-width",
                        "10",
                        "class",
                        "span " + css(state));
                html.element("text", words(state), "x", px(left + 18), "y", px(y), "class", "tick");
                left += 40 + 7 * words(state).length();
            }
        }
    }

    private void draw(Html html, Lane lane, Scale x, int top) {
        if (!lane.name().isEmpty()) {
            html.element(
                    "text",
                    BarChart.brief(lane.name()),
                    "x",
                    px(NAMES - 10),
                    "y",
                    px(top + Math.min(lane.height(), 16) / 2.0 + 4),
                    "text-anchor",
                    "end",
                    "class",
                    "name");
        }
        double step = lane.height() / (double) Math.max(1, lane.rows().size());
        double thickness = Math.max(0.8, step > 4 ? step - 2 : step);
        for (State state : State.values()) {
            StringBuilder path = new StringBuilder();
            for (int row = 0; row < lane.rows().size(); row++) {
                double y = top + (row + 0.5) * step;
                for (Bar bar : lane.rows().get(row)) {
                    if (bar.state() == state) {
                        double from = x.at(axis.at(bar.from()));
                        double to = Math.max(from + 1, x.at(axis.at(bar.to())) - 0.6);
                        path.append('M')
                                .append(px(from))
                                .append(' ')
                                .append(px(y))
                                .append('H')
                                .append(px(to));
                    }
                }
            }
            if (!path.isEmpty()) {
                // One path for all bars of a state: a thousand partitions stay small.
                html.empty("path", "d", path.toString(), "stroke-width", px(thickness), "class", "span " + css(state));
            }
        }
    }

    private static String css(State state) {
        return switch (state) {
            case DONE -> "done";
            case SLOW -> "slow";
            case FAILED -> "failed";
            case STOPPED -> "stopped";
            case AT_WORK -> "at-work";
        };
    }

    private static String words(State state) {
        return switch (state) {
            case DONE -> "completed";
            case SLOW -> "more than twice the median";
            case FAILED -> "failed, or its process ended";
            case STOPPED -> "stopped";
            case AT_WORK -> "at work";
        };
    }

    /** As few rows as there were bars at the same time: each bar is in the first one that is free. */
    public static List<List<Bar>> packed(List<Bar> bars) {
        List<List<Bar>> rows = new ArrayList<>();
        for (Bar bar :
                bars.stream().sorted(Comparator.comparingDouble(Bar::from)).toList()) {
            rows.stream()
                    .filter(row -> row.get(row.size() - 1).to() <= bar.from())
                    .findFirst()
                    .orElseGet(() -> {
                        List<Bar> row = new ArrayList<>();
                        rows.add(row);
                        return row;
                    })
                    .add(bar);
        }
        return rows;
    }
}
