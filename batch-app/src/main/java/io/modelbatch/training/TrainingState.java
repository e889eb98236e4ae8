package io.modelbatch.training;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelbatch.facts.Trained;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a training.
 *
 * @param plan fingerprint of everything that decides its course; another plan cannot resume from here
 * @param step optimizer steps done
 * @param loss sum of the losses of the current epoch's steps
 * @param epochs the epochs that are done
 * @param curve the losses so far; null before the first step, and where an earlier version began
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record TrainingState(
        String plan,
        long step,
        double loss,
        List<Trained.Epoch> epochs,
        @Nullable Curve curve) {
    TrainingState {
        epochs = List.copyOf(epochs);
    }

    /** The losses so far. */
    Curve losses() {
        return curve == null ? Curve.NONE : curve;
    }
}
