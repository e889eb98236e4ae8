package io.modelbatch.launch;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.command.CommandStepType;
import io.modelbatch.step.command.NotebookStepType;
import io.modelbatch.step.infer.InferStepType;
import io.modelbatch.step.train.EvaluateStepType;
import io.modelbatch.step.train.PublishStepType;
import io.modelbatch.step.train.TrainStepType;
import io.modelbatch.step.transfer.DownloadStepType;
import io.modelbatch.step.transfer.ExtractStepType;
import io.modelbatch.step.transfer.LoadStepType;
import io.modelbatch.step.transfer.UploadStepType;
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
                new DownloadStepType(),
                new CommandStepType(),
                new NotebookStepType()));
    }
}
