package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.facts.Answered;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.inference.PrecisionTrial;
import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.result.Manifest;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.PinnedInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.partition.StepExecutionAggregator;
import org.springframework.batch.core.partition.support.DefaultStepExecutionAggregator;
import org.springframework.batch.core.step.StepExecution;

/**
 * When all partitions are done: writes the manifest, the one moment at which the result exists, and then removes what it does not
 * list.
 */
final class PublishResult implements StepExecutionAggregator {
    private final DefaultStepExecutionAggregator sums = new DefaultStepExecutionAggregator();
    private final InferServices services;
    private final StepKit kit;
    private final ObjectStore store;
    private final InferenceResult result;

    PublishResult(InferServices services, InferenceResult result) {
        this.services = services;
        this.kit = services.kit();
        this.store = services.store();
        this.result = result;
    }

    @Override
    public void aggregate(StepExecution manager, Collection<StepExecution> partitions) {
        sums.aggregate(manager, partitions);
        boolean complete = partitions.stream().allMatch(partition -> partition.getStatus() == BatchStatus.COMPLETED);
        if (complete) {
            try {
                publish(manager);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void publish(StepExecution manager) throws IOException {
        kit.verifyOwner(manager.getJobExecution());
        ObjectUri folder = result.folder();
        PinnedInput input = kit.outputs().of(manager, result.extract(), PinnedInput.class);
        new RejectLimit(services, result.options(), input.totalRows()).verify(manager);
        Manifest manifest = result.committed(manager);
        List<StoredObject> listing = store.list(folder);
        result.verified(manifest, listing);
        kit.run(manager).results().verify(folder);
        Optional<Manifest> before = result.before(manager);
        removeOrphans(folder, listing, kit.shardPrefix(manager), manifest);
        manifest.write(store, folder);
        if (before.isPresent()) {
            removeSuperseded(folder, before.get(), manifest);
        }
        kit.result(manager, facts(folder, manifest, manager));
    }

    /**
     * Removes the orphans: objects that attempts of this run uploaded and never committed. Other runs may be writing into the folder right
     * now.
     */
    private void removeOrphans(ObjectUri folder, List<StoredObject> listing, String prefix, Manifest manifest)
            throws IOException {
        // The numbers tell a shard of step 'infer' from one of 'infer-2', whose result may lie in a folder called
        // rejects.
        Pattern ours = Pattern.compile(
                "(" + ShardItemWriter.REJECTS + "/)?" + Pattern.quote(prefix) + "-\\d{5}-\\d{6,}-\\d+\\.[a-z]+");
        Set<String> listed = manifest.names();
        for (StoredObject object : listing) {
            String name = object.uri().name().substring(folder.name().length() + 1);
            if (ours.matcher(name).matches() && !listed.contains(name)) {
                store.delete(object.uri());
            }
        }
    }

    private void removeSuperseded(ObjectUri folder, Manifest before, Manifest manifest) throws IOException {
        Set<String> listed = manifest.names();
        for (String name : before.names()) {
            if (!listed.contains(name)) {
                store.delete(folder.child(name));
            }
        }
    }

    private Answered facts(ObjectUri folder, Manifest manifest, StepExecution manager) {
        PinnedModel model = kit.outputs().find(manager, PinnedModel.class).orElseThrow();
        InferenceUsage work = kit.outputs()
                .ofPartitions(manager, InferenceUsage.class)
                .reduce(InferenceUsage.NONE, InferenceUsage::plus);
        boolean rejected = manifest.rejected() > 0;
        return new Answered(
                manifest.rows(),
                manifest.shards().size(),
                folder.toString(),
                rejected ? manifest.rejected() : null,
                rejected ? folder.child(ShardItemWriter.REJECTS).toString() : null,
                new UsedModel(model.address(), model.fingerprint()),
                model.dtype().toString(),
                ProcessorPrecision.slower(
                                model.dtype(),
                                ComputeEngine.start().devices(result.options().device()))
                        .orElse(null),
                Optional.ofNullable(model.trial()).map(PublishResult::facts).orElse(null),
                work.tokens(),
                work.padding(),
                work.batches(),
                work.truncated() > 0 ? work.truncated() : null,
                work.seconds(),
                null,
                null,
                List.of());
    }

    private static Answered.DtypeTrial facts(PrecisionTrial trial) {
        return new Answered.DtypeTrial(
                trial.tried().toString(),
                trial.rows(),
                InferenceUsage.rounded(trial.speedup()),
                trial.sameLabels(),
                InferenceUsage.rounded(trial.difference()));
    }
}
