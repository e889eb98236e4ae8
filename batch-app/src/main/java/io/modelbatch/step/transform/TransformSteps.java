package io.modelbatch.step.transform;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.Target;
import io.modelbatch.extension.TransformType;
import io.modelbatch.facts.Transformed;
import io.modelbatch.result.Manifest;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.rows.CommittedResult;
import io.modelbatch.step.rows.ManagedPartitions;
import io.modelbatch.step.rows.PartitionHandlers;
import io.modelbatch.step.rows.PublishResult;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.step.rows.ShardItemWriter;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.ExtractOptions;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.builder.StepBuilder;

/** Makes the steps of one type of transform. */
record TransformSteps<O extends Record>(RowServices services, PartitionHandlers handlers, TransformType<O> type)
        implements StepFactory<O> {
    @Override
    public Set<String> fixed() {
        return Set.of("to", "format");
    }

    @Override
    public Set<String> adjustable() {
        return Set.of("rejects", "block");
    }

    @Override
    public List<Target> targets(O options) {
        return List.of(Target.result(type.result(options).folder()));
    }

    @Override
    public List<Check> checks(JobStep<O> step) {
        return List.of(CommonChecks.writable(
                services.store(), type.result(step.options()).folder()));
    }

    @Override
    public void verifyDelivered(JobStep<O> step, StepExecution complete) throws IOException {
        result(step).verifyUnlessReplaced(complete);
    }

    @Override
    public Step create(JobStep<O> step) {
        int partitions = ((ExtractOptions) step.before(ExtractOptions.class).options()).partitions();
        CommittedResult result = result(step);
        return new StepBuilder(step.name(), services.kit().repository())
                .partitioner(step.name(), PartitionName.byNumber())
                .partitionHandler(new ManagedPartitions(
                        new PinTransform<>(services, type, step, result),
                        services,
                        demand -> handlers.create(
                                execution -> TransformPartitions.open(services, execution), partitions, demand)))
                .aggregator(new PublishResult(result, this::facts))
                .build();
    }

    private CommittedResult result(JobStep<O> step) {
        return CommittedResult.of(step.step(), step, services);
    }

    private Transformed facts(StepExecution manager, Manifest manifest, ObjectUri folder) {
        long rejected = manifest.rejected();
        return new Transformed(
                manifest.rows(),
                services.ledger().rows(manager),
                manifest.shards().size(),
                folder.toString(),
                rejected == 0 ? null : rejected,
                rejected == 0 ? null : folder.child(ShardItemWriter.REJECTS).toString());
    }
}
