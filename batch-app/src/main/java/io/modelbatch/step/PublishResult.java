package io.modelbatch.step;

import io.modelbatch.artifact.Manifest;
import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.Shard;
import io.modelbatch.artifact.StoredObject;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.source.PinnedInput;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
    private final StepKit kit;
    private final ObjectStore store;
    private final ShardLedger ledger;
    private final InferOptions options;
    private final String extract;

    PublishResult(StepKit kit, ObjectStore store, ShardLedger ledger, InferOptions options, String extract) {
        this.kit = kit;
        this.store = store;
        this.ledger = ledger;
        this.options = options;
        this.extract = extract;
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
        kit.verifyOwner();
        ObjectUri folder = ObjectUri.parse(options.to());
        Manifest manifest = manifest(manager);
        Optional<Manifest> before = Manifest.find(store, folder);
        removeOrphans(folder, kit.shardPrefix(manager), manifest);
        manifest.write(store, folder);
        if (before.isPresent()) {
            removeSuperseded(folder, before.get(), manifest);
        }
        kit.result(manager, figures(folder, manifest, manager));
    }

    private Manifest manifest(StepExecution manager) {
        PinnedInput input = kit.outputs().of(manager, extract, PinnedInput.class);
        PinnedModel model = kit.outputs().find(manager, PinnedModel.class).orElseThrow();
        new RejectLimit(ledger, store, options, input.totalRows()).verify(manager);
        Manifest manifest = new Manifest(
                manager.getJobExecution().getJobInstance().getJobName(),
                kit.uniqueRun(manager),
                options.format().name().toLowerCase(Locale.ROOT),
                model.schema().fields(),
                ledger.shards(manager),
                ledger.rejects(manager),
                Map.of("input", input.fingerprint(), "model", model.address(), "model-sha256", model.fingerprint()));
        if (manifest.rows() + manifest.rejected() != input.totalRows()) {
            throw new IllegalStateException("The shards hold " + manifest.rows() + " rows, the rejects "
                    + manifest.rejected() + " and the input " + input.totalRows() + ": no manifest was written");
        }
        return manifest;
    }

    /** What attempts of this run uploaded and never committed. Other runs may be writing into the folder right now. */
    private void removeOrphans(ObjectUri folder, String prefix, Manifest manifest) throws IOException {
        // The numbers tell a shard of step 'infer' from one of 'infer-2', whose result may lie in a folder called
        // rejects.
        Pattern ours = Pattern.compile(
                "(" + ShardItemWriter.REJECTS + "/)?" + Pattern.quote(prefix) + "-\\d{5}-\\d{6,}-\\d+\\.[a-z]+");
        Set<String> listed = names(manifest);
        for (StoredObject object : store.list(folder)) {
            String name = object.uri().name().substring(folder.name().length() + 1);
            if (ours.matcher(name).matches() && !listed.contains(name)) {
                store.delete(object.uri());
            }
        }
    }

    private void removeSuperseded(ObjectUri folder, Manifest before, Manifest manifest) throws IOException {
        Set<String> listed = names(manifest);
        for (String name : names(before)) {
            if (!listed.contains(name)) {
                store.delete(folder.child(name));
            }
        }
    }

    private static Set<String> names(Manifest manifest) {
        return Stream.concat(manifest.shards().stream(), manifest.rejects().stream())
                .map(Shard::name)
                .collect(Collectors.toSet());
    }

    private Map<String, Object> figures(ObjectUri folder, Manifest manifest, StepExecution manager) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rows", manifest.rows());
        figures.put("shards", manifest.shards().size());
        figures.put("to", folder.toString());
        if (manifest.rejected() > 0) {
            figures.put("rejected", manifest.rejected());
            figures.put("rejects", folder.child(ShardItemWriter.REJECTS).toString());
        }
        PinnedModel model = kit.outputs().find(manager, PinnedModel.class).orElseThrow();
        figures.put("dtype", model.dtype().toString());
        if (model.trial() != null) {
            figures.put("dtype-trial", model.trial().figures());
        }
        figures.putAll(kit.outputs()
                .ofPartitions(manager, InferenceWork.class)
                .reduce(InferenceWork.NONE, InferenceWork::plus)
                .figures());
        return figures;
    }
}
