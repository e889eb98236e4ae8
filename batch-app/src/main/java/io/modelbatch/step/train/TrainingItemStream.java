package io.modelbatch.step.train;

import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.Trained;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ProblemType;
import io.modelbatch.step.RowCounts;
import io.modelbatch.step.StepFacts;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.WrittenFolder;
import io.modelbatch.token.Tokenizer;
import io.modelbatch.training.Epoch;
import io.modelbatch.training.Example;
import io.modelbatch.training.FineTuning;
import io.modelbatch.training.StepResult;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.TrainingSet;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.Chunk;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemProcessor;
import org.springframework.batch.infrastructure.item.ItemStreamReader;
import org.springframework.batch.infrastructure.item.ItemWriter;
import org.springframework.util.FileSystemUtils;

/**
 * A training as Spring Batch sees it: reads the next stretch of optimizer steps, processes it by learning, and writes a checkpoint.
 * The execution context names the checkpoint of the last commit; the last stretch leaves the model too.
 */
final class TrainingItemStream
        implements ItemStreamReader<TrainingItemStream.Stretch>,
                ItemProcessor<TrainingItemStream.Stretch, TrainingItemStream.Stretch>,
                ItemWriter<TrainingItemStream.Stretch>,
                StepExecutionListener {
    private static final String CHECKPOINT = "checkpoint";
    private static final String CHECKSUMS = "checksums";
    private static final String BASE = "base";
    private static final String BASE_SHA256 = "base-sha256";

    private final StepKit kit;
    private final Warehouse warehouse;
    private final TrainingStore store;
    private final ModelRepository models;
    private final TrainOptions options;
    private final String extract;
    private final RowCounts counts;

    private @Nullable StepExecution execution;
    private @Nullable Open open;
    private @Nullable ObjectUri checkpoint;
    private @Nullable WrittenFolder checksums;
    private @Nullable TrainedModel trained;

    /** The optimizer steps up to one. */
    record Stretch(long until) {}

    /** What is open while the step runs. */
    private record Open(FineTuning tuning, Path work, String base, String baseSha256) {}

    TrainingItemStream(
            StepKit kit,
            Warehouse warehouse,
            TrainingStore store,
            ModelRepository models,
            TrainOptions options,
            String extract,
            RowCounts counts) {
        this.kit = kit;
        this.warehouse = warehouse;
        this.store = store;
        this.models = models;
        this.options = options;
        this.extract = extract;
        this.counts = counts;
    }

    @Override
    public void beforeStep(StepExecution step) {
        execution = step;
    }

    @Override
    public void open(ExecutionContext context) {
        try {
            Path work = kit.scratch().folder("training-");
            Optional<ExecutionContext> before = kit.history().newest(step(), CHECKPOINT);
            String base = before.isPresent() ? before.get().getString(BASE) : models.resolve(options.model());
            context.putString(BASE, base); // latest may move before a restart
            Optional<Path> saved = Optional.empty();
            if (before.isPresent()) {
                checkpoint = ObjectUri.parse(before.get().getString(CHECKPOINT));
                if (before.get().containsKey(CHECKSUMS)) {
                    checksums = WrittenFolder.parse(before.get().getString(CHECKSUMS));
                    store.verify(checkpoint, checksums);
                }
                saved = Optional.of(Files.createDirectory(work.resolve("saved")));
                store.download(checkpoint, saved.get());
            }
            kit.progress().stage(step().getStepName(), "loads " + base);
            PretrainedModel model = models.open(base);
            refuseOtherBase(before, model, base);
            context.putString(BASE_SHA256, model.fingerprint());
            open = new Open(start(work, model, saved), work, base, model.fingerprint());
            StepFacts.put(step(), new ModelOpened(new UsedModel(base, model.fingerprint())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public @Nullable Stretch read() {
        FineTuning tuning = opened().tuning();
        if (tuning.step() == tuning.steps()) {
            return null;
        }
        long next = (tuning.step() / options.saveSteps() + 1) * options.saveSteps();
        return new Stretch(Math.min(next, tuning.steps()));
    }

    @Override
    public Stretch process(Stretch stretch) throws JobInterruptedException {
        FineTuning tuning = opened().tuning();
        long before = tuning.examplesSeen();
        tuning.train(stretch.until(), kit.stop()::requested, this::tell);
        if (tuning.step() < stretch.until()) {
            throw new JobInterruptedException("stopped on request");
        }
        counts.add(tuning.examplesSeen() - before, 0);
        return stretch;
    }

    @Override
    public void write(Chunk<? extends Stretch> chunk) throws IOException {
        FineTuning tuning = opened().tuning();
        ObjectUri folder = kit.folder(step());
        ObjectUri committed = checkpoint;
        checkpoint = folder.child("checkpoint-%d-%d".formatted(tuning.step(), step().getId()));
        kit.verifyOwner();
        store.keepOnly(folder, committed == null ? List.of() : List.of(committed));
        Path saved = newFolder();
        tuning.save(saved);
        checksums = upload(checkpoint, saved);
        if (tuning.step() == tuning.steps()) {
            ObjectUri model = folder.child("model-" + step().getId());
            Path exported = newFolder();
            tuning.export(exported);
            String sha256 = PretrainedModel.open(exported).fingerprint();
            upload(model, exported);
            trained = new TrainedModel(model.toString(), opened().base(), sha256);
            kit.result(step(), facts(tuning));
        }
    }

    @Override
    public void update(ExecutionContext context) {
        if (checkpoint != null) {
            context.putString(CHECKPOINT, checkpoint.toString());
        }
        if (checksums != null) {
            context.putString(CHECKSUMS, checksums.json());
        }
        if (trained != null) {
            kit.outputs().put(context, trained);
        }
    }

    @Override
    public void close() {
        if (open != null) {
            open.tuning().close();
            FileSystemUtils.deleteRecursively(open.work().toFile());
            open = null;
        }
    }

    /** Uploads what was saved in a folder of this machine. */
    private WrittenFolder upload(ObjectUri target, Path saved) throws IOException {
        WrittenFolder uploaded = store.upload(saved, target);
        FileSystemUtils.deleteRecursively(saved);
        return uploaded;
    }

    private Path newFolder() throws IOException {
        return Files.createTempDirectory(opened().work(), "upload-");
    }

    /** The checkpoint does not hold everything: the tokenizer, above all, is taken from the base model. */
    private static void refuseOtherBase(Optional<ExecutionContext> before, PretrainedModel model, String base) {
        String sha256 = before.filter(context -> context.containsKey(BASE_SHA256))
                .map(context -> context.getString(BASE_SHA256))
                .orElse(model.fingerprint());
        if (!sha256.equals(model.fingerprint())) {
            throw new StepFailedException("The model " + base + " is not the one that the training began with (SHA-256 "
                    + model.fingerprint() + ", before " + sha256 + "); again=true starts a new run");
        }
    }

    private FineTuning start(Path work, PretrainedModel model, Optional<Path> saved) throws IOException {
        PinnedInput input = kit.outputs().of(step(), extract, PinnedInput.class);
        LabelledRows rows = LabelledRows.read(warehouse, input, options, model.learnedLabels());
        TaskModel classifier =
                model.forFineTuning(ProblemType.SINGLE_LABEL_CLASSIFICATION, rows.labels(), options.seed());
        try (Tokenizer tokenizer = Tokenizer.open(
                classifier.directory(),
                classifier.config().sizes().positions(),
                options.longest(),
                Tokenizer.Case.AS_IT_IS)) {
            TrainingSet examples = new TrainingSet(
                    rows.labels(), examples(rows.training(), tokenizer), examples(rows.heldOut(), tokenizer));
            return FineTuning.open(classifier, options, examples, work, saved);
        }
    }

    private static List<Example> examples(List<LabelledRows.Row> rows, Tokenizer tokenizer) {
        return rows.stream()
                .map(row -> new Example(tokenizer.encode(row.text(), row.pair()), row.label()))
                .toList();
    }

    private void tell(StepResult result) {
        List<Epoch> epochs = opened().tuning().epochs();
        kit.progress()
                .training(
                        step().getStepName(),
                        new TrainingProgress(
                                result.step(),
                                result.steps(),
                                result.loss(),
                                result.epoch(),
                                epochs.isEmpty()
                                        ? null
                                        : epochs.get(epochs.size() - 1).accuracy()));
    }

    private Trained facts(FineTuning tuning) {
        List<Epoch> epochs = tuning.epochs();
        Epoch last = epochs.get(epochs.size() - 1);
        return new Trained(
                new UsedModel(opened().base(), opened().baseSha256()),
                epochs.size(),
                tuning.steps(),
                last.loss(),
                last.accuracy(),
                epochs.stream()
                        .map(epoch -> new Trained.Epoch(epoch.epoch(), epoch.loss(), epoch.accuracy()))
                        .toList());
    }

    private Open opened() {
        return Objects.requireNonNull(open, "the step is not open");
    }

    private StepExecution step() {
        return Objects.requireNonNull(execution, "the step has not begun");
    }
}
