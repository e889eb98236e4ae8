package io.modelbatch.step.rows;

import java.util.Collection;
import java.util.function.Function;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.partition.PartitionHandler;
import org.springframework.batch.core.partition.StepExecutionSplitter;
import org.springframework.batch.core.step.StepExecution;

/**
 * The manager of a step with partitions: commits what the partitions are executed from, has them executed, and tells their progress meanwhile.
 */
public final class ManagedPartitions implements PartitionHandler {
    private final PinnedRows.Pinning pin;
    private final RowServices services;
    private final Function<PartitionDemand, PartitionHandler> executing;

    /** @param executing makes what executes the partitions, in this process or elsewhere */
    public ManagedPartitions(
            PinnedRows.Pinning pin, RowServices services, Function<PartitionDemand, PartitionHandler> executing) {
        this.pin = pin;
        this.services = services;
        this.executing = executing;
    }

    @Override
    public Collection<StepExecution> handle(StepExecutionSplitter splitter, StepExecution manager) throws Exception {
        try (PinnedRows pinned = pin.pin(manager);
                LedgerProgress progress = LedgerProgress.of(
                        manager,
                        pinned.totalRows(),
                        services.ledger(),
                        services.kit().run(manager).progress())) {
            Collection<StepExecution> partitions =
                    executing.apply(pinned.demand()).handle(splitter, manager);
            if (partitions.stream().allMatch(partition -> partition.getStatus() == BatchStatus.COMPLETED)) {
                progress.tell();
            }
            return partitions;
        }
    }
}
