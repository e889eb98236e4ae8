package io.modelbatch.step.transform;

import io.modelbatch.extension.ColumnUse;
import io.modelbatch.extension.TransformType;
import io.modelbatch.step.BlockSize;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.RowCounts;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.rows.FinishedBlock;
import io.modelbatch.step.rows.PartitionLedger;
import io.modelbatch.step.rows.PartitionMetrics;
import io.modelbatch.step.rows.PartitionSteps;
import io.modelbatch.step.rows.RejectLimit;
import io.modelbatch.step.rows.RowBlockReader;
import io.modelbatch.step.rows.RowServices;
import io.modelbatch.step.rows.ShardItemWriter;
import io.modelbatch.step.rows.UnfitProcessException;
import io.modelbatch.telemetry.Measure;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * The partitions of a transform as one process executes them. All that it takes is the jar of the type and what the manager of the step
 * committed.
 *
 * @param columns that the type reads
 */
record TransformPartitions<O extends Record>(
        RowServices services,
        PinnedTransform pinned,
        TransformType<O> type,
        O options,
        List<String> columns,
        RejectLimit limit)
        implements PartitionSteps {
    private static final Logger log = LoggerFactory.getLogger(TransformPartitions.class);

    /**
     * Opens what the partitions of a step share.
     *
     * @param execution of the step, or of one of its partitions
     * @throws StepFailedException when this process does not have the type, or too many rows are rejected
     */
    static PartitionSteps open(RowServices services, StepExecution execution) {
        PinnedTransform pinned = services.kit().outputs().forPartitions(execution, PinnedTransform.class);
        return services.types()
                .find(pinned.type())
                .map(type -> type instanceof TransformType<?> transform
                        ? open(services, execution, pinned, transform)
                        : null)
                .orElseThrow(() -> new UnfitProcessException(
                        "Step " + PartitionName.step(execution) + " needs the step type '" + pinned.type()
                                + "', which this process does not have; put its jar into the folder of extensions"));
    }

    private static <O extends Record> PartitionSteps open(
            RowServices services, StepExecution execution, PinnedTransform pinned, TransformType<O> type) {
        RejectLimit limit =
                new RejectLimit(services, pinned.result(), pinned.input().totalRows());
        limit.verify(execution);
        O options = PinTransform.JSON.readValue(pinned.options(), type.options());
        List<String> columns =
                type.reads(options).stream().map(ColumnUse::column).distinct().toList();
        return new TransformPartitions<>(services, pinned, type, options, columns, limit);
    }

    @Override
    public Step step(StepExecution partition) {
        RowCounts counts = new RowCounts();
        PartitionMetrics metrics = services.metrics().of(partition);
        BlockSize size = pinned.result().block() == null
                ? BlockSize.byRate(BlockSize.most(pinned.schema()), System::nanoTime)
                : BlockSize.fixed(pinned.result().block().rows());
        RejectLimit.Partition rejects = limit.partition();
        PartitionLedger committed = new PartitionLedger(services.ledger(), partition, lost -> {
            counts.add(-lost.input(), -lost.written(), -lost.rejected());
            rejects.add(-lost.rejected());
            log.warn(
                    "A read session of partition {} expired: {} rows are transformed again",
                    partition.getStepName(),
                    lost.input());
        });
        RowBlockReader<Boolean> rows = new RowBlockReader<>(
                new RowBlockReader.Source(
                        position -> pinned.input()
                                .read(services, partition, PartitionName.number(partition), columns, position),
                        committed::position),
                new RowBlockReader.Work<>(block -> true, block -> {}),
                size,
                () -> rejects.committed(partition),
                committed::giveUp,
                nanos -> metrics.waited(Measure.Wait.ROWS, nanos));
        TransformedBlocks blocks = new TransformedBlocks(
                rows,
                new TransformedBlocks.Named(() -> type.transform(options), type.key(), PartitionName.step(partition)),
                new ResultBuilder(pinned.schema(), type.keys()),
                services.kit().run(partition).stop());
        ShardItemWriter writer = new ShardItemWriter(services, pinned.result(), committed, partition, metrics);
        return services
                .kit()
                .<FinishedBlock, FinishedBlock>blocks(partition.getStepName(), counts)
                .reader(blocks)
                .writer(chunk -> {
                    for (FinishedBlock block : chunk) {
                        writer.write(block);
                        size.done(block.rows());
                        counts.add(block.rows(), block.written(), block.rejected());
                        rejects.add(block.rejected());
                    }
                })
                .stream(committed)
                .stream(blocks)
                .stream(writer)
                .build();
    }

    @Override
    public void close() {}
}
