package io.modelbatch.step.infer;

import io.modelbatch.inference.Answers;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.PendingAnswers;
import io.modelbatch.inference.TextModel;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.ShardWriter;
import io.modelbatch.step.BlockSize;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.RowCounts;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** The partitions of an {@code infer} step: blocks of rows in, shards out, one model for all. */
final class InferencePartitions implements LocalPartitionHandler.PartitionSteps {
    private static final Logger log = LoggerFactory.getLogger(InferencePartitions.class);

    private final StepKit kit;
    private final Warehouse warehouse;
    private final ObjectStore store;
    private final ShardLedger ledger;
    private final InferOptions options;
    private final Opened opened;
    private final AtomicLong done;

    /** What all partitions work with. */
    record Opened(PinnedInput input, TextModel model, RecordSchema schema, RejectLimit limit) {}

    /**
     * Partitions of one step.
     *
     * @param done rows of the step that are committed
     */
    InferencePartitions(
            StepKit kit,
            Warehouse warehouse,
            ObjectStore store,
            ShardLedger ledger,
            InferOptions options,
            Opened opened,
            long done) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.store = store;
        this.ledger = ledger;
        this.options = options;
        this.opened = opened;
        this.done = new AtomicLong(done);
    }

    @Override
    public Step step(StepExecution partition) {
        RowCounts counts = new RowCounts();
        PartitionUsage work = new PartitionUsage(kit, partition, System::nanoTime);
        BlockSize size = options.block() == null
                ? BlockSize.byRate(BlockSize.most(opened.schema()), System::nanoTime)
                : BlockSize.fixed(options.block().rows());
        RejectLimit.Share rejects = opened.limit().share();
        PartitionLedger committed = new PartitionLedger(ledger, partition, lost -> {
            counts.add(-lost.answered(), -lost.rejected());
            rejects.add(-lost.rejected());
            readAgain(partition, lost.rows());
        });
        RowBlockReader reader = new RowBlockReader(
                new RowBlockReader.Source(
                        position -> warehouse.read(
                                opened.input(), PartitionName.number(partition), columns(options), position),
                        committed::position),
                this::submit,
                size,
                () -> rejects.committed(partition),
                committed::giveUp);
        ShardItemWriter writer =
                new ShardItemWriter(shardWriter(), store, committed, partition, ObjectUri.parse(options.to()), kit);
        return kit
                .<PendingBlock, AnsweredBlock>blocks(partition.getStepName(), counts)
                .reader(() -> work.read(reader::read))
                .processor(block -> work.answered(answer(block)))
                .writer(chunk -> {
                    for (AnsweredBlock block : chunk) {
                        writer.write(block);
                        size.done(block.rows());
                        counts.add(block.answered(), block.rejects().size());
                        rejects.add(block.rejects().size());
                        tell(partition, block.rows());
                    }
                })
                .stream(committed)
                .stream(reader)
                .stream(writer)
                .stream(work)
                .build();
    }

    @Override
    public void close() {
        opened.model().close();
    }

    private PendingAnswers submit(RowBlock block) {
        return opened.model().submit(block.columns().get(0), pairs(options, block));
    }

    private AnsweredBlock answer(PendingBlock block) throws JobInterruptedException {
        Answers answers = block.answers()
                .await(kit.stop()::requested)
                .orElseThrow(() -> new JobInterruptedException("stopped on request"));
        return new AnsweredBlock(
                answers.records(opened.schema(), block.rows().keys()),
                rejects(block.rows(), answers),
                block.session(),
                answers.usage());
    }

    private List<Map<String, @Nullable Object>> rejects(RowBlock block, Answers answers) {
        List<Map<String, @Nullable Object>> rejects = new ArrayList<>();
        answers.rejected().forEach((row, reason) -> {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put(opened.input().key(), block.keys().get(row));
            List<String> columns = columns(options);
            for (int i = 0; i < columns.size(); i++) {
                values.put(columns.get(i), block.columns().get(i).get(row));
            }
            Map<String, @Nullable Object> reject = new LinkedHashMap<>();
            reject.put("key", block.keys().get(row));
            reject.put("reason", reason);
            reject.put("row", values);
            rejects.add(reject);
        });
        return rejects;
    }

    private void readAgain(StepExecution partition, long rows) {
        log.warn("A read session of partition {} expired: {} rows are computed again", partition.getStepName(), rows);
        tell(partition, -rows);
    }

    private void tell(StepExecution partition, long rows) {
        kit.progress()
                .rows(
                        PartitionName.step(partition),
                        done.addAndGet(rows),
                        opened.input().totalRows());
    }

    /** The second texts of a block; empty when the model reads one text. */
    static Optional<List<@Nullable String>> pairs(InferOptions options, RowBlock block) {
        return options.textPair() == null
                ? Optional.empty()
                : Optional.of(block.columns().get(1));
    }

    /** The columns that the model reads. */
    static List<String> columns(InferOptions options) {
        return options.textPair() == null ? List.of(options.text()) : List.of(options.text(), options.textPair());
    }

    private ShardWriter shardWriter() {
        return switch (options.format()) {
            case PARQUET -> ShardWriter.parquet();
            case JSONL -> ShardWriter.jsonl();
        };
    }
}
