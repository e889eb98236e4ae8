package io.modelbatch.step;

import io.modelbatch.extension.StepTypes;
import java.util.List;

/** The types of steps of this project, in the order in which messages list them. */
public final class BuiltInStepTypes {
    private BuiltInStepTypes() {}

    /** All of them. */
    public static StepTypes all() {
        return StepTypes.of(List.of(
                new ExtractStepType(),
                new InferStepType(),
                new TrainStepType(),
                new EvaluateStepType(),
                new PublishStepType(),
                new LoadStepType(),
                new UploadStepType(),
                new DownloadStepType()));
    }
}
