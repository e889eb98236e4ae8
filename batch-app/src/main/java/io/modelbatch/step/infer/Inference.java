package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeEngine;
import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.PrecisionTrial;
import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.inference.TextModel;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.ModelDirectory;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.architecture.Precision;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.RecordSchema;
import io.modelbatch.step.InputRows;
import io.modelbatch.step.StepFacts;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.warehouse.LoadOptions;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;

/** Opens what the partitions of an {@code infer} step share: the pinned rows, the pinned model, loaded once, and the ledger. */
final class Inference implements LocalPartitionHandler.PartitionStepsFactory {
    /** Rows that a smaller type is tried on. */
    private static final int TRIED_ROWS = 256;

    private final StepKit kit;
    private final Warehouse warehouse;
    private final ModelRepository models;
    private final InferenceResult result;
    private final List<LoadOptions> loads;
    private final InferOptions options;

    /** @param loads later steps that load the rows */
    Inference(Warehouse warehouse, ModelRepository models, InferenceResult result, List<LoadOptions> loads) {
        this.kit = result.kit();
        this.warehouse = warehouse;
        this.models = models;
        this.result = result;
        this.loads = loads;
        this.options = result.options();
    }

    @Override
    public LocalPartitionHandler.PartitionSteps open(StepExecution manager)
            throws IOException, JobInterruptedException {
        PinnedInput input = kit.outputs().of(manager, result.extract(), PinnedInput.class);
        result.before(manager);
        RejectLimit limit = new RejectLimit(result.ledger(), result.store(), options, input.totalRows());
        limit.verify(manager);
        Optional<PinnedModel> before = kit.outputs().find(manager, PinnedModel.class);
        String address = before.isPresent() ? before.get().address() : models.resolve(options.model());
        kit.progress().stage(manager.getStepName(), "loads " + address);
        ModelDirectory directory = models.open(address, Optional.ofNullable(options.trustedSha256()));
        ChosenModel chosen = choose(directory.forTask(options.task()), input, before);
        try {
            RecordSchema schema = schema(
                    new RecordSchema.Field(input.key(), FieldType.of(input.keyType())),
                    chosen.model().columns());
            refuseOtherTables(schema);
            pin(
                    manager,
                    new PinnedModel(address, directory.fingerprint(), schema, chosen.precision(), chosen.trial()),
                    before);
            return new InferencePartitions(
                    kit,
                    warehouse,
                    result.store(),
                    result.ledger(),
                    options,
                    new InferencePartitions.Opened(input, chosen.model(), schema, limit),
                    result.ledger().rows(manager));
        } catch (RuntimeException e) {
            chosen.model().close();
            throw e;
        }
    }

    /** A loaded model, the numbers that it computes with, and how that was found out. */
    private record ChosenModel(
            TextModel model, Precision precision, @Nullable PrecisionTrial trial) {}

    private ChosenModel choose(AnsweringModel model, PinnedInput input, Optional<PinnedModel> before)
            throws IOException, JobInterruptedException {
        ComputeEngine engine = ComputeEngine.start();
        TextModelOptions how = options.on(engine.devices(options.device()));
        if (before.isPresent()) {
            Precision precision = before.get().dtype();
            return new ChosenModel(
                    TextModel.open(model, models, engine, precision, how),
                    precision,
                    before.get().trial());
        }
        Optional<Precision> stated = options.dtype().stated();
        if (stated.isPresent()) {
            return new ChosenModel(TextModel.open(model, models, engine, stated.get(), how), stated.get(), null);
        }
        return tryOut(model, input, engine, how);
    }

    private ChosenModel tryOut(AnsweringModel model, PinnedInput input, ComputeEngine engine, TextModelOptions how)
            throws IOException, JobInterruptedException {
        Precision smaller = options.dtype().tried(how.devices());
        TextModel exact = TextModel.open(model, models, engine, Precision.FLOAT32, how);
        if (options.dtype() == InferOptions.DtypeChoice.AUTO
                && (!model.precisions().contains(smaller)
                        || ProcessorPrecision.slower(smaller, how.devices()).isPresent())) {
            return new ChosenModel(exact, Precision.FLOAT32, null);
        }
        try {
            Optional<RowBlock> rows =
                    InputRows.first(warehouse, input, InferencePartitions.columns(options), TRIED_ROWS);
            if (rows.isEmpty()) {
                return new ChosenModel(exact, Precision.FLOAT32, null);
            }
            return faster(exact, TextModel.open(model, models, engine, smaller, how), smaller, rows.get());
        } catch (RuntimeException | IOException | JobInterruptedException e) {
            exact.close();
            throw e;
        }
    }

    /** Of two models the one that is not kept is closed; the smaller one also when the trial does not come to its end. */
    private ChosenModel faster(TextModel exact, TextModel other, Precision smaller, RowBlock rows)
            throws JobInterruptedException {
        boolean kept = false;
        try {
            PrecisionTrial trial = PrecisionTrial.of(
                            exact,
                            other,
                            smaller,
                            rows.columns().get(0),
                            InferencePartitions.pairs(options, rows),
                            kit.stop()::requested)
                    .orElseThrow(() -> new JobInterruptedException("stopped on request"));
            kept = trial.chosen() == smaller;
            if (kept) {
                exact.close();
            }
            return new ChosenModel(kept ? other : exact, trial.chosen(), trial);
        } finally {
            if (!kept) {
                other.close();
            }
        }
    }

    /** A table that does not take the rows is told before they are computed. */
    private void refuseOtherTables(RecordSchema schema) {
        List<RecordSchema.Field> columns = schema.fields();
        loads.forEach(load -> warehouse.verify(load.target(), options.format().word(), columns));
    }

    /** {@code latest} may move between two executions of a run; its rows must all come from one model. */
    private void pin(StepExecution manager, PinnedModel model, Optional<PinnedModel> before) {
        StepFacts.put(manager, new ModelOpened(new UsedModel(model.address(), model.fingerprint())));
        if (before.isEmpty()) {
            kit.outputs().put(manager.getExecutionContext(), model);
            kit.repository().updateExecutionContext(manager);
        } else if (!before.get().equals(model)) {
            throw new StepFailedException("The model " + model.address()
                    + " is not the one that the run began with (SHA-256 " + model.fingerprint() + ", before "
                    + before.get().fingerprint() + "); again=true starts a new run");
        }
    }

    /** The fields of a result: the key of a row, and its answer. */
    static RecordSchema schema(RecordSchema.Field key, List<RecordSchema.Field> answers) {
        List<RecordSchema.Field> fields = new ArrayList<>();
        fields.add(key);
        fields.addAll(answers);
        return new RecordSchema(fields);
    }
}
