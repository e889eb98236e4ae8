package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.inference.Answers;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.InferenceException;
import io.modelbatch.inference.PendingAnswers;
import io.modelbatch.inference.Redaction;
import io.modelbatch.inference.TextModel;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.BlockSize;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.RowCounts;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.infer.SharedResources.Share;
import io.modelbatch.step.rows.FinishedBlock;
import io.modelbatch.step.rows.PartitionLedger;
import io.modelbatch.step.rows.PartitionMetrics;
import io.modelbatch.step.rows.PartitionSteps;
import io.modelbatch.step.rows.PendingBlock;
import io.modelbatch.step.rows.RejectLimit;
import io.modelbatch.step.rows.RowBlockReader;
import io.modelbatch.step.rows.ShardItemWriter;
import io.modelbatch.step.rows.UnfitProcessException;
import io.modelbatch.telemetry.Measure;
import io.modelbatch.warehouse.RowBlock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/**
 * The partitions of an {@code infer} step as one process executes them: blocks of rows in, shards out, one model for all. All that it takes to
 * execute them is in the job repository, committed by the manager of the step; the manager may be another process.
 */
final class InferencePartitions implements PartitionSteps {
    private static final Logger log = LoggerFactory.getLogger(InferencePartitions.class);

    private final InferServices services;
    private final PinnedInference pinned;
    private final Share<TextModel> model;
    private final RejectLimit limit;
    private final Optional<Redaction> redaction;

    private InferencePartitions(
            InferServices services,
            PinnedInference pinned,
            Share<TextModel> model,
            RejectLimit limit,
            Optional<Redaction> redaction) {
        this.services = services;
        this.pinned = pinned;
        this.model = model;
        this.limit = limit;
        this.redaction = redaction;
    }

    /**
     * Opens what the partitions of a step share.
     *
     * @param execution of the step, or of one of its partitions
     * @throws StepFailedException when model or columns are not those that the run began with, or too many rows are rejected
     */
    static InferencePartitions open(InferServices services, StepExecution execution) throws IOException {
        PinnedInference pinned = services.kit().outputs().forPartitions(execution, PinnedInference.class);
        PinnedModel model = pinned.model();
        InferOptions options = pinned.options();
        RejectLimit limit = new RejectLimit(
                services.rows(), options.result(), pinned.input().totalRows());
        limit.verify(execution);
        Optional<Redaction> redaction = redaction(options);
        redaction.ifPresent(redacts -> requireSameKey(redacts, pinned, PartitionName.step(execution)));
        services.kit().run(execution).progress().stage(PartitionName.step(execution), "loads " + model.address());
        try (Share<OpenModel> opened = services.models().open(model, options)) {
            requireSameColumns(opened.value().columns(options), model.schema(), PartitionName.step(execution));
            Share<TextModel> loaded = services.models().load(opened.value(), model.dtype(), options);
            services.rows().metrics().devices(ComputeEngine.start().devices(options.device()));
            return new InferencePartitions(services, pinned, loaded, limit, redaction);
        }
    }

    private static void requireSameKey(Redaction redaction, PinnedInference pinned, String step) {
        if (!Objects.equals(redaction.fingerprint(), pinned.model().redactKey())) {
            throw new StepFailedException("The key of the hashes of step " + step
                    + " is not the one that the run began with: the same text would have two hashes. Set the environment"
                    + " variable as before and resume, or start a new run with again=true");
        }
    }

    private static void requireSameColumns(List<RecordSchema.Field> answers, RecordSchema committed, String step) {
        List<RecordSchema.Field> before =
                committed.fields().subList(1, committed.fields().size());
        if (!answers.equals(before)) {
            throw new StepFailedException("The answers of step " + step + " have the columns " + words(answers)
                    + " now, and those that the run has committed have " + words(before)
                    + ". Undo the change of the step's options and resume, or start a new run with again=true");
        }
    }

    private static String words(List<RecordSchema.Field> fields) {
        return fields.stream().map(field -> field.name() + " " + field.type()).collect(Collectors.joining(", "));
    }

    private static Optional<Redaction> redaction(InferOptions options) {
        try {
            return InferSteps.redaction(options);
        } catch (InferenceException lacksKey) {
            throw new UnfitProcessException(lacksKey);
        }
    }

    @Override
    public Step step(StepExecution partition) {
        StepKit kit = services.kit();
        StopRequest stop = kit.run(partition).stop();
        InferOptions options = pinned.options();
        RowCounts counts = new RowCounts();
        PartitionMetrics metrics = services.rows().metrics().of(partition);
        PartitionUsage work = new PartitionUsage(kit, partition, System::nanoTime, metrics);
        BlockSize size = options.block() == null
                ? BlockSize.byRate(BlockSize.most(pinned.model().schema()), System::nanoTime)
                : BlockSize.fixed(options.block().rows());
        RejectLimit.Partition rejects = limit.partition();
        PartitionLedger committed = new PartitionLedger(services.rows().ledger(), partition, lost -> {
            counts.add(-lost.input(), -lost.written(), -lost.rejected());
            rejects.add(-lost.rejected());
            log.warn(
                    "A read session of partition {} expired: {} rows are computed again",
                    partition.getStepName(),
                    lost.input());
        });
        RowBlockReader<PendingAnswers> reader = new RowBlockReader<>(
                new RowBlockReader.Source(
                        position -> pinned.input()
                                .read(
                                        services.rows(),
                                        partition,
                                        PartitionName.number(partition),
                                        columns(options),
                                        position),
                        committed::position),
                new RowBlockReader.Work<>(this::submit, PendingAnswers::cancel),
                size,
                () -> rejects.committed(partition),
                kept -> {
                    committed.giveUp(kept);
                    work.giveUp(kept);
                },
                nanos -> metrics.waited(Measure.Wait.ROWS, nanos));
        ShardItemWriter writer = new ShardItemWriter(services.rows(), options.result(), committed, partition, metrics);
        return kit
                .<PendingBlock<PendingAnswers>, AnsweredBlock>blocks(partition.getStepName(), counts)
                .reader(() -> work.read(reader::read))
                .processor(block -> work.answered(answer(block, stop)))
                .writer(chunk -> {
                    for (AnsweredBlock block : chunk) {
                        FinishedBlock finished = block.block();
                        writer.write(finished);
                        size.done(finished.rows());
                        counts.add(finished.rows(), finished.written(), finished.rejected());
                        rejects.add(finished.rejected());
                    }
                })
                .stream(committed)
                .stream(reader)
                .stream(writer)
                .stream(work)
                .build();
    }

    @Override
    public int atATime() {
        return PartitionSteps.atATime(model.value().devices());
    }

    @Override
    public void close() {
        model.close();
    }

    private PendingAnswers submit(RowBlock block) {
        return model.value().submit(block.column(pinned.options().text()), pairs(pinned.options(), block));
    }

    private AnsweredBlock answer(PendingBlock<PendingAnswers> block, StopRequest stop) throws JobInterruptedException {
        Answers found = block.work()
                .await(stop::requested)
                .orElseThrow(() -> new JobInterruptedException("stopped on request"));
        Answers answers = redaction
                .map(redacts ->
                        redacts.of(found, block.rows().column(pinned.options().text())))
                .orElse(found);
        return new AnsweredBlock(
                new FinishedBlock(
                        answers.records(
                                pinned.model().schema(),
                                pinned.input().key().name(),
                                block.rows().keys()),
                        rejects(block.rows(), answers),
                        block.session(),
                        null,
                        answers.usage().tokens()),
                AnswerCounts.of(answers),
                answers.usage());
    }

    /** Without the texts where they are redacted: they were not checked. */
    private List<Map<String, @Nullable Object>> rejects(RowBlock block, Answers answers) {
        List<Map<String, @Nullable Object>> rejects = new ArrayList<>();
        answers.rejected().forEach((row, reason) -> {
            Map<String, @Nullable Object> values = new LinkedHashMap<>();
            values.put(pinned.input().key().name(), block.keys().get(row));
            (redaction.isPresent() ? List.<String>of() : columns(pinned.options()))
                    .forEach(column -> values.put(column, block.column(column).get(row)));
            rejects.add(FinishedBlock.reject(block.keys().get(row), reason, values));
        });
        return rejects;
    }

    /** The second texts of a block; empty when the model reads one text. */
    static Optional<List<@Nullable String>> pairs(InferOptions options, RowBlock block) {
        return Optional.ofNullable(options.textPair()).map(block::column);
    }

    /** The columns that the model reads. */
    static List<String> columns(InferOptions options) {
        return options.textPair() == null ? List.of(options.text()) : List.of(options.text(), options.textPair());
    }
}
