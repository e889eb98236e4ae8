package io.modelbatch.step.train;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.facts.ModelOpened;
import io.modelbatch.facts.Trained;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.PretrainedModel;
import io.modelbatch.step.RowCounts;
import io.modelbatch.step.StepFacts;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.WrittenFolder;
import io.modelbatch.training.StepResult;
import io.modelbatch.training.TrainOptions;
import io.modelbatch.training.TrainingLoop;
import io.modelbatch.training.TrainingTask;
import io.modelbatch.training.objective.SplitRows;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Warehouse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

    /** The objects that are open while the step runs. */
    private record Open(TrainingLoop<?> loop, Path work, String base, String baseSha256) {}

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
            kit.run(step()).progress().stage(step().getStepName(), "loads " + base);
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
        TrainingLoop<?> loop = opened().loop();
        if (loop.step() == loop.steps()) {
            return null;
        }
        long next =
                (loop.step() / options.loop().saveSteps() + 1) * options.loop().saveSteps();
        return new Stretch(Math.min(next, loop.steps()));
    }

    @Override
    public Stretch process(Stretch stretch) throws JobInterruptedException {
        TrainingLoop<?> loop = opened().loop();
        long before = loop.examplesSeen();
        loop.train(stretch.until(), kit.run(step()).stop()::requested, this::tell);
        if (loop.step() < stretch.until()) {
            throw new JobInterruptedException("stopped on request");
        }
        counts.add(loop.examplesSeen() - before, loop.examplesSeen() - before, 0);
        return stretch;
    }

    @Override
    public void write(Chunk<? extends Stretch> chunk) throws IOException {
        TrainingLoop<?> loop = opened().loop();
        ObjectUri folder = kit.folder(step());
        ObjectUri committed = checkpoint;
        checkpoint = folder.child("checkpoint-%d-%d".formatted(loop.step(), step().getId()));
        kit.verifyOwner(step().getJobExecution());
        store.keepOnly(folder, committed == null ? List.of() : List.of(committed));
        Path saved = newFolder();
        loop.save(saved);
        checksums = upload(checkpoint, saved);
        if (loop.step() == loop.steps()) {
            ObjectUri model = folder.child("model-" + step().getId());
            Path exported = newFolder();
            loop.export(exported);
            String sha256 = PretrainedModel.open(exported).fingerprint();
            upload(model, exported);
            trained = new TrainedModel(model.toString(), opened().base(), sha256);
            kit.result(step(), facts(loop, trained));
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
            open.loop().close();
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

    private TrainingLoop<?> start(Path work, PretrainedModel model, Optional<Path> saved) throws IOException {
        PinnedInput input = kit.outputs().of(step(), extract, PinnedInput.class);
        SplitRows rows = TrainingRows.read(warehouse.stoppedBy(kit.run(step()).stop()::requested), input, options);
        TrainingTask<?> task = TrainingTask.of(options.objective(), model, rows, options);
        return TrainingLoop.open(task, options, device(), work, saved);
    }

    private ComputeDevice device() {
        return ComputeEngine.start().devices(options.device()).get(0);
    }

    private void tell(StepResult result) {
        List<Trained.Epoch> epochs = opened().loop().epochs();
        kit.run(step())
                .progress()
                .training(
                        step().getStepName(),
                        new TrainingProgress(
                                result.step(),
                                result.steps(),
                                result.loss(),
                                result.epoch(),
                                epochs.isEmpty()
                                        ? Map.of()
                                        : epochs.get(epochs.size() - 1).metrics()));
    }

    private Trained facts(TrainingLoop<?> loop, TrainedModel model) {
        List<Trained.Epoch> epochs = loop.epochs();
        Trained.Epoch last = epochs.get(epochs.size() - 1);
        return new Trained(
                new UsedModel(opened().base(), opened().baseSha256()),
                epochs.size(),
                loop.steps(),
                last.loss(),
                last.metrics(),
                epochs,
                model.model(),
                loop.curve(),
                ComputeEngine.names(List.of(device())));
    }

    private Open opened() {
        return Objects.requireNonNull(open, "the step is not open");
    }

    private StepExecution step() {
        return Objects.requireNonNull(execution, "the step has not begun");
    }
}
