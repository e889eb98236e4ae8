package io.modelbatch.step.train;

import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.step.StepFailedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * The output of {@code train} for later steps.
 *
 * @param model folder of the fine-tuned model
 * @param base address of the model that it started from
 * @param sha256 fingerprint of the model's files; null where a version that did not keep it trained the model
 */
record TrainedModel(String model, String base, @Nullable String sha256) {
    /**
     * Opens it for a later step.
     *
     * @throws StepFailedException when its files are not those that the training left
     */
    PretrainedModel open(ModelRepository models) throws IOException {
        PretrainedModel opened = models.open(model);
        if (sha256 != null && !sha256.equals(opened.fingerprint())) {
            throw new StepFailedException("The trained model in " + model + " is damaged: its files have the SHA-256 "
                    + opened.fingerprint() + ", and the training left " + sha256
                    + "; again=true starts a new run, which trains again");
        }
        return opened;
    }
}
