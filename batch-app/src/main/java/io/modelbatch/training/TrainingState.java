package io.modelbatch.training;

import io.modelbatch.facts.Trained;
import java.util.List;

/**
 * The progress of a training.
 *
 * @param plan fingerprint of everything that decides its course; another plan cannot resume from here
 * @param step optimizer steps done
 * @param loss sum of the losses of the current epoch's steps
 * @param epochs the epochs that are done
 */
record TrainingState(String plan, long step, double loss, List<Trained.Epoch> epochs) {
    TrainingState {
        epochs = List.copyOf(epochs);
    }
}
