package io.modelbatch.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.facts.Trained;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class CurveTest {
    @Test
    void aShortTrainingHasAPointForEachStep() {
        assertThat(curve(3).points())
                .containsExactly(
                        new Trained.Point(1, 1, 0.1), new Trained.Point(2, 2, 0.2), new Trained.Point(3, 3, 0.3));
    }

    @Test
    void aLongOneHasMeansOfEquallyManySteps() {
        assertThat(curve(1001).points())
                .hasSize(167)
                .startsWith(new Trained.Point(6, 3.5, 6 / 10.0))
                .endsWith(new Trained.Point(1001, (997 + 1001) / 2.0, 1001 / 10.0));
    }

    /** A checkpoint in the middle of a point, and one at its end, change nothing. */
    @Test
    void aResumedTrainingHasTheSamePoints() {
        JsonMapper json = JsonMapper.shared();
        Curve resumed = Curve.NONE;
        for (long step = 1; step <= 1001; step++) {
            resumed = json.readValue(json.writeValueAsString(resumed.plus(step(step, 1001))), Curve.class);
        }

        assertThat(resumed).isEqualTo(curve(1001));
    }

    private static Curve curve(long steps) {
        return LongStream.rangeClosed(1, steps)
                .mapToObj(step -> step(step, steps))
                .reduce(Curve.NONE, Curve::plus, (one, other) -> other);
    }

    private static StepResult step(long step, long steps) {
        return new StepResult(1, step, steps, step, 1, step / 10.0);
    }
}
