package io.modelbatch.step.train;

import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PublishOptions;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import java.util.List;
import java.util.Optional;

/** {@code publish}: makes a trained model a version. */
public final class PublishStepType implements StepType<PublishOptions> {
    static final String KEY = "publish";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<PublishOptions> options() {
        return PublishOptions.class;
    }

    @Override
    public String description() {
        return "the trained model as a version";
    }

    @Override
    public Optional<String> needs() {
        return Optional.of(TrainStepType.KEY);
    }

    @Override
    public List<String> writes(PublishOptions options) {
        return List.of(options.to());
    }

    /** Without it, the requirement would fail the run after the training. */
    @Override
    public List<StepProblem> problems(StepDraft<PublishOptions> draft) {
        return draft.options().require().isEmpty() || draft.earlierTypes().contains(EvaluateStepType.KEY)
                ? List.of()
                : List.of(draft.problem(
                        "require",
                        "needs a step 'evaluate' before this one, which measures it; write '- evaluate:' there"));
    }

    @Override
    public StepFactory<PublishOptions> factory(StepServices services) {
        return new PublishSteps(
                services.get(StepKit.class), services.get(ObjectStore.class), services.get(ModelRepository.class));
    }
}
