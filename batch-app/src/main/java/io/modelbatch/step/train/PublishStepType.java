package io.modelbatch.step.train;

import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.training.PublishOptions;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.Metric;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

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

    /** Without them, the requirement would fail the run after the training. */
    @Override
    public List<StepProblem> problems(StepDraft<PublishOptions> draft) {
        Set<Metric> required = draft.options().require().keySet();
        if (!required.isEmpty() && !draft.earlierTypes().contains(EvaluateStepType.KEY)) {
            return List.of(draft.problem(
                    "require",
                    "needs a step 'evaluate' before this one, which measures it; write '- evaluate:' there"));
        }
        return draft.nearest(TrainOptions.class)
                .map(train -> ((TrainOptions) train.options()).objective().metrics())
                .flatMap(given -> notGiven(required, given))
                .map(message -> List.of(draft.problem("require", message)))
                .orElse(List.of());
    }

    /** The message about metrics that are required, and not computed for the task of the training. */
    static Optional<String> notGiven(Set<Metric> required, List<Metric> given) {
        String missing = required.stream()
                .filter(metric -> !given.contains(metric))
                .map(Metric::key)
                .sorted()
                .collect(Collectors.joining(", "));
        return missing.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "has " + missing + ", which 'evaluate' does not compute for the task of 'train'; it computes: "
                                + given.stream().map(Metric::key).collect(Collectors.joining(", ")));
    }

    @Override
    public List<StepResult> results() {
        return List.of(new StepResult("uri", "folder of the new version"));
    }

    @Override
    public Set<String> knownAtStart() {
        return Set.of("to");
    }

    @Override
    public StepFactory<PublishOptions> factory(StepServices services) {
        return new PublishSteps(
                services.get(StepKit.class), services.get(ObjectStore.class), services.get(ModelRepository.class));
    }
}
