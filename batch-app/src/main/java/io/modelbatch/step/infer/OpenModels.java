package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.inference.TextModel;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.model.ModelDirectory;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.Task;
import io.modelbatch.model.script.Precision;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.infer.SharedResources.Share;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * The models that {@code infer} steps have open in this process. The files of a model are verified and read once, and its weights are loaded once, for
 * all who use it at the same time: a manager that tried precisions, and the partitions that are executed in the same process.
 */
final class OpenModels {
    private final ModelRepository repository;
    private final InferenceEngines engines;
    private final SharedResources<Files, OpenModel> opened = new SharedResources<>(model -> {});
    private final SharedResources<Weights, TextModel> loaded = new SharedResources<>(TextModel::close);

    /** Two models are the same when their files are, and come from the same address. */
    private record Files(String address, String fingerprint, Task task) {}

    private record Weights(String fingerprint, Task task, Precision precision, TextModelOptions options) {}

    OpenModels(ModelRepository repository, InferenceEngines engines) {
        this.repository = repository;
        this.engines = engines;
    }

    /** The address of a model with the version that it has now. */
    String resolve(String reference) throws IOException {
        return repository.resolve(reference);
    }

    /** The devices of this process that the options ask for. */
    List<ComputeDevice> devices(InferOptions options) {
        return engines.devices(options.device());
    }

    /** Opens the model at an address, as it is now. */
    Share<OpenModel> open(String address, InferOptions options) throws IOException {
        ModelDirectory directory = repository.open(address, Optional.ofNullable(options.trustedSha256()));
        return opened.acquire(
                new Files(address, directory.fingerprint(), options.task()), () -> OpenModel.of(directory, options));
    }

    /**
     * Opens the model that a run has pinned.
     *
     * @throws StepFailedException when another model is there by now
     */
    Share<OpenModel> open(PinnedModel pinned, InferOptions options) throws IOException {
        return opened.acquire(new Files(pinned.address(), pinned.fingerprint(), options.task()), () -> {
            ModelDirectory directory = repository.open(pinned.address(), Optional.ofNullable(options.trustedSha256()));
            if (!directory.fingerprint().equals(pinned.fingerprint())) {
                throw new StepFailedException("The model " + pinned.address()
                        + " is not the one that the run began with (SHA-256 " + directory.fingerprint() + ", before "
                        + pinned.fingerprint() + "); again=true starts a new run");
            }
            return OpenModel.of(directory, options);
        });
    }

    /** Loads the weights of a model for the task and the devices of the options. */
    Share<TextModel> load(OpenModel model, Precision precision, InferOptions options) throws IOException {
        TextModelOptions how = options.on(devices(options));
        return loaded.acquire(
                new Weights(model.fingerprint(), options.task(), precision, how),
                () -> TextModel.open(model.answering(), repository, engines, precision, how));
    }
}
