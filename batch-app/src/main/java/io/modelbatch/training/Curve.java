package io.modelbatch.training;

import io.modelbatch.facts.Trained;
import java.util.ArrayList;
import java.util.List;

/**
 * The loss and the learning rate of a training over its steps. Each point stands for the same number of steps, whatever the checkpoints, so a
 * training that resumes has the points of one that was never disturbed.
 *
 * @param points those that are complete
 * @param loss the sum of the losses since the last of them
 * @param steps the steps since the last of them
 */
record Curve(List<Trained.Point> points, double loss, long steps) {
    static final Curve NONE = new Curve(List.of(), 0, 0);
    private static final long POINTS = 200;

    Curve {
        points = List.copyOf(points);
    }

    Curve plus(StepResult result) {
        long width = (result.steps() + POINTS - 1) / POINTS;
        double sum = loss + result.loss();
        if (result.step() % width != 0 && result.step() != result.steps()) {
            return new Curve(points, sum, steps + 1);
        }
        List<Trained.Point> all = new ArrayList<>(points);
        all.add(new Trained.Point(result.step(), sum / (steps + 1), result.learningRate()));
        return new Curve(all, 0, 0);
    }
}
