package io.modelbatch.step.infer;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.extension.Target;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.InferenceException;
import io.modelbatch.inference.Redaction;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.rows.CommittedResult;
import io.modelbatch.step.rows.ManagedPartitions;
import io.modelbatch.step.rows.PartitionHandlers;
import io.modelbatch.step.rows.PublishResult;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.ExtractOptions;
import io.modelbatch.warehouse.LoadOptions;
import io.modelbatch.warehouse.Preview;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;

/** {@code infer}: runs a model over the pinned rows, partition by partition, and publishes the result's manifest. */
final class InferSteps implements StepFactory<InferOptions> {
    private final InferServices services;
    private final PartitionHandlers handlers;
    private final StepPreviews previews;

    InferSteps(InferServices services, PartitionHandlers handlers, StepPreviews previews) {
        this.services = services;
        this.handlers = handlers;
        this.previews = previews;
    }

    @Override
    public Set<String> fixed() {
        return Set.of("to", "format", "redact.as");
    }

    @Override
    public Set<String> adjustable() {
        return Set.of("rejects", "block", "device");
    }

    /** Rows without a text are rejected. */
    @Override
    public List<String> rowProblems(JobStep<InferOptions> step, Preview.Rows rows) {
        long most = step.options().result().mostRejects(rows.count());
        return InferencePartitions.columns(step.options()).stream()
                .distinct()
                .filter(column -> rows.of(column).nulls() > most)
                .map(column ->
                        "%s, and '%s' may set aside %,d; leave them out (WHERE %s IS NOT NULL) or allow more with 'rejects'"
                                .formatted(rows.withoutValue(column), step.name(), most, column))
                .toList();
    }

    @Override
    public List<Target> targets(InferOptions options) {
        return List.of(Target.result(ObjectUri.parse(options.to())));
    }

    @Override
    public void verifyReady(JobStep<InferOptions> step) {
        redaction(step.options());
    }

    /**
     * The redaction that a step asks for.
     *
     * @throws InferenceException when this process lacks its key
     */
    static Optional<Redaction> redaction(InferOptions options) {
        return Optional.ofNullable(options.redact()).map(redact -> Redaction.of(redact, System::getenv));
    }

    @Override
    public void verifyDelivered(JobStep<InferOptions> step, StepExecution complete) throws IOException {
        result(step).verifyUnlessReplaced(complete);
    }

    @Override
    public Step create(JobStep<InferOptions> step) {
        int partitions = ((ExtractOptions) step.before(ExtractOptions.class).options()).partitions();
        CommittedResult result = result(step);
        return new StepBuilder(step.name(), services.kit().repository())
                .partitioner(step.name(), PartitionName.byNumber())
                .partitionHandler(new ManagedPartitions(
                        new PinInference(services, step.options(), result, loads(step))::pin,
                        services.rows(),
                        demand -> handlers.create(
                                execution -> InferencePartitions.open(services, execution), partitions, demand)))
                .aggregator(new PublishResult(result, new AnsweredFacts(services, step.options())))
                .build();
    }

    private CommittedResult result(JobStep<InferOptions> step) {
        return CommittedResult.of(step.step(), step, services.rows());
    }

    private List<LoadOptions> loads(JobStep<InferOptions> infer) {
        StepTypes types = services.rows().types();
        return infer.steps().stream()
                .filter(step -> step.options() instanceof LoadOptions)
                .filter(step -> types.source(
                                infer.steps().subList(0, infer.steps().indexOf(step)), step)
                        .equals(Optional.of(infer.step())))
                .map(step -> (LoadOptions) step.options())
                .toList();
    }

    @Override
    public List<Check> checks(JobStep<InferOptions> step) {
        InferOptions options = step.options();
        List<Check> checks = new ArrayList<>(List.of(
                Check.of(
                        step,
                        "model " + options.model(),
                        () -> previews.model(step.step()).words()),
                CommonChecks.writable(services.rows().store(), ObjectUri.parse(options.to()))));
        if (options.redact() != null && options.redact().keyFrom() != null) {
            checks.add(Check.of(step, "redact key " + options.redact().keyFrom(), () -> {
                redaction(options);
                return "set";
            }));
        }
        if (!handlers.onlyElsewhere()) {
            checks.add(CommonChecks.device(options.device()));
            if (options.dtype() == InferOptions.DtypeChoice.INT8) {
                checks.add(CommonChecks.int8(options.device()));
            }
            options.dtype()
                    .stated()
                    .ifPresent(precision -> checks.add(CommonChecks.dtype(precision, options.device())));
        }
        return checks;
    }
}
