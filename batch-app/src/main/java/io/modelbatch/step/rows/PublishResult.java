package io.modelbatch.step.rows;

import io.modelbatch.facts.Facts;
import io.modelbatch.result.Manifest;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
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
public final class PublishResult implements StepExecutionAggregator {
    private final DefaultStepExecutionAggregator sums = new DefaultStepExecutionAggregator();
    private final RowServices services;
    private final StepKit kit;
    private final ObjectStore store;
    private final CommittedResult result;
    private final ResultFacts facts;

    /** The facts about a result. */
    @FunctionalInterface
    public interface ResultFacts {
        /**
         * Those that a step reports.
         *
         * @param manager the execution of the step
         * @param manifest of the result
         * @param folder of the result
         */
        Facts of(StepExecution manager, Manifest manifest, ObjectUri folder);
    }

    public PublishResult(CommittedResult result, ResultFacts facts) {
        this.services = result.services();
        this.kit = services.kit();
        this.store = services.store();
        this.result = result;
        this.facts = facts;
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
        StepInput input = result.source().input(manager);
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
        kit.result(manager, facts.of(manager, manifest, folder));
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
}
