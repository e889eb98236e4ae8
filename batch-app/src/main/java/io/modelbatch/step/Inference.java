package io.modelbatch.step;

import io.modelbatch.artifact.FieldType;
import io.modelbatch.artifact.Manifest;
import io.modelbatch.artifact.ObjectStore;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.RecordSchema;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.inference.Answers;
import io.modelbatch.inference.ClassifierOptions;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.TextClassifier;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.Task;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ArchiveVariant;
import io.modelbatch.source.PinnedInput;
import io.modelbatch.source.Warehouse;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.springframework.batch.core.step.StepExecution;

/** Opens what the partitions of an {@code infer} step share: the pinned rows, the pinned model, loaded once, and the ledger. */
final class Inference implements Partitions.Workers {
    private final StepKit kit;
    private final Warehouse warehouse;
    private final ObjectStore store;
    private final ModelRepository models;
    private final ShardLedger ledger;
    private final InferOptions options;
    private final String extract;

    Inference(
            StepKit kit,
            Warehouse warehouse,
            ObjectStore store,
            ModelRepository models,
            ShardLedger ledger,
            InferOptions options,
            String extract) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.store = store;
        this.models = models;
        this.ledger = ledger;
        this.options = options;
        this.extract = extract;
    }

    @Override
    public Partitions.Work open(StepExecution manager) throws IOException {
        PinnedInput input = kit.outputs().of(manager, extract, PinnedInput.class);
        refuseForeignResult(manager);
        RejectLimit limit = new RejectLimit(ledger, store, options, input.totalRows());
        limit.verify(manager);
        Optional<PinnedModel> before = kit.outputs().find(manager, PinnedModel.class);
        String address = before.isPresent() ? before.get().address() : models.resolve(options.model());
        PretrainedModel model = models.open(address);
        TextClassifier classifier =
                classifier(model, Partitions.atATime(input.rows().size()));
        try {
            RecordSchema schema = schema(input, classifier.columns());
            pin(manager, new PinnedModel(address, model.fingerprint(), schema), before);
            return new InferencePartitions(
                    kit,
                    warehouse,
                    store,
                    ledger,
                    options,
                    new InferencePartitions.Opened(input, classifier, schema, limit),
                    ledger.rows(manager));
        } catch (RuntimeException e) {
            classifier.close();
            throw e;
        }
    }

    /** {@code latest} may move between two executions of a run; its rows must all come from one model. */
    private void pin(StepExecution manager, PinnedModel model, Optional<PinnedModel> before) {
        if (before.isEmpty()) {
            kit.outputs().put(manager.getExecutionContext(), model);
            kit.repository().updateExecutionContext(manager);
        } else if (!before.get().equals(model)) {
            throw new StepFailedException("The model " + model.address()
                    + " is not the one that the run began with (SHA-256 " + model.fingerprint() + ", before "
                    + before.get().fingerprint() + "); again=true starts a new run");
        }
    }

    private static RecordSchema schema(PinnedInput input, List<Answers.Column> columns) {
        List<RecordSchema.Field> fields = new ArrayList<>();
        fields.add(new RecordSchema.Field(input.key(), FieldType.of(input.keyType())));
        for (Answers.Column column : columns) {
            fields.add(new RecordSchema.Field(
                    column.name(), FieldType.of(column.type().name().toLowerCase(Locale.ROOT))));
        }
        return new RecordSchema(fields);
    }

    /** Found out before a model is loaded: the folder's result belongs to another job. */
    private void refuseForeignResult(StepExecution manager) throws IOException {
        ObjectUri folder = ObjectUri.parse(options.to());
        String job = manager.getJobExecution().getJobInstance().getJobName();
        Optional<Manifest> there = Manifest.find(store, folder);
        if (there.isPresent() && !there.get().job().equals(job)) {
            throw new StepFailedException(folder + " holds the result of job '"
                    + there.get().job() + "' (run " + there.get().run()
                    + "), which this job must not replace; choose another folder in 'to'");
        }
    }

    private TextClassifier classifier(PretrainedModel model, int callers) throws IOException {
        TaskModel classifier = model.forTask(Task.TEXT_CLASSIFICATION);
        ComputeEngine engine = ComputeEngine.start(Math.max(1, ComputeEngine.processors() / callers));
        OptionalInt maxLength = options.maxLength() == null ? OptionalInt.empty() : OptionalInt.of(options.maxLength());
        return TextClassifier.open(
                classifier,
                models.archive(classifier, new ArchiveVariant.Inference(options.dtype(), ArchiveVariant.Layout.PLAIN)),
                engine,
                ClassifierOptions.on(ComputeDevice.CPU).withMaxLength(maxLength));
    }
}
