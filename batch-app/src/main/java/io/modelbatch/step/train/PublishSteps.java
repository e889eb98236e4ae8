package io.modelbatch.step.train;

import io.modelbatch.base.JsonErrorText;
import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.facts.Published;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.ModelRepository.Latest;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.training.EvaluateOptions;
import io.modelbatch.training.PublishOptions;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.objective.MetricValues;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/**
 * {@code publish}: makes a trained model a version, and moves {@code latest} to it unless it falls short of what is required or
 * of the version that it would replace.
 */
final class PublishSteps implements StepFactory<PublishOptions> {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final StepKit kit;
    private final ObjectStore store;
    private final ModelRepository models;

    PublishSteps(StepKit kit, ObjectStore store, ModelRepository models) {
        this.kit = kit;
        this.store = store;
        this.models = models;
    }

    @Override
    public void verifyDelivered(JobStep<PublishOptions> step, StepExecution complete) throws IOException {
        models.metrics(ObjectUri.parse(step.options().to()), kit.uniqueRun(complete));
    }

    @Override
    public Step create(JobStep<PublishOptions> step) {
        PublishOptions options = step.options();
        String train = step.before(TrainOptions.class).name();
        Optional<String> evaluate = step.findBefore(EvaluateOptions.class).map(StepSpec::name);
        ObjectUri folder = ObjectUri.parse(options.to());
        return kit.single(step.name(), execution -> {
            TrainedModel trained = kit.outputs().of(execution, train, TrainedModel.class);
            Map<String, Double> metrics = new TreeMap<>();
            evaluate.ifPresent(name -> metrics.putAll(
                    kit.outputs().of(execution, name, EvaluationOutput.class).metrics()));
            String version = kit.uniqueRun(execution);
            PretrainedModel model = trained.open(models);
            models.putMetrics(folder, version, JSON.writeValueAsBytes(metrics));
            models.publish(model.directory(), folder, version);
            MetricValues measured = MetricValues.ofNames(metrics);
            require(options, measured, folder.child(version));
            kit.result(execution, moveLatest(folder, version, measured));
        });
    }

    @Override
    public List<Check> checks(JobStep<PublishOptions> step) {
        return List.of(
                CommonChecks.writable(store, ObjectUri.parse(step.options().to())));
    }

    private Published moveLatest(ObjectUri folder, String version, MetricValues measured) throws IOException {
        Optional<Latest> latest = models.latest(folder);
        Optional<String> better = latest.isEmpty()
                ? Optional.empty()
                : better(folder, latest.get().version(), measured);
        String model = folder.child(version).toString();
        if (better.isPresent()) {
            return new Published(model, latest.get().version() + " stays: " + better.get());
        }
        models.moveLatest(folder, version, latest);
        return new Published(model, version);
    }

    /** The first metric in which a published version is better; empty when there is none. */
    private Optional<String> better(ObjectUri folder, String version, MetricValues measured) throws IOException {
        Optional<byte[]> file = models.metrics(folder, version);
        if (file.isEmpty()) {
            return Optional.empty();
        }
        MetricValues published = parsed(file.get(), folder.child(version));
        return measured.worseThan(published)
                .map(metric -> String.format(
                        Locale.ROOT,
                        "its %s is %.4f, the new version's %.4f",
                        metric.key(),
                        published.of(metric),
                        measured.of(metric)));
    }

    static MetricValues parsed(byte[] metrics, ObjectUri version) {
        try {
            @Nullable
            Map<String, @Nullable Double> byName =
                    JSON.readValue(metrics, new TypeReference<Map<String, @Nullable Double>>() {});
            if (byName != null) {
                return MetricValues.ofNames(byName);
            }
            throw damaged(version, "null");
        } catch (JacksonException e) {
            throw damaged(version, JsonErrorText.words(e));
        }
    }

    private static StepFailedException damaged(ObjectUri version, String what) {
        return new StepFailedException(
                "The metrics of " + version + " are damaged (" + what
                        + "), so they cannot be compared with the new version. Remove their file in the folder 'metrics' beside the version");
    }

    private static void require(PublishOptions options, MetricValues measured, ObjectUri version) {
        options.require().forEach((metric, limit) -> {
            String beyond = metric.direction().beyond();
            if (!measured.values().containsKey(metric)) {
                throw new StepFailedException("publish requires " + metric.key() + " not " + beyond + " " + limit
                        + ", but nothing measured it: put 'evaluate: {}' before publish");
            }
            if (!measured.meets(metric, limit)) {
                throw new StepFailedException(String.format(
                        Locale.ROOT,
                        "%s is %.4f, %s the required %s: the model is kept as %s, and latest is unchanged",
                        metric.key(),
                        measured.of(metric),
                        beyond,
                        limit,
                        version));
            }
        });
    }
}
