package io.modelbatch.inference;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.Malloc;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.ScriptedModel;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.Precision;
import io.modelbatch.token.TokenBatch;
import io.modelbatch.token.TokenIds;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a model's archive on each device, the one that is fastest there. */
final class LoadEngines {
    private static final Logger log = LoggerFactory.getLogger(LoadEngines.class);

    /** A second pass shows whether a traced archive has kept the shape of its example. */
    private static final TokenBatch OF_ANOTHER_SHAPE = new TokenBatch(
            List.of(
                    new TokenIds(new int[] {0, 0, 0}, new int[] {0, 0, 0}),
                    new TokenIds(new int[] {0, 0}, new int[] {0, 0})),
            List.of(0, 1),
            0);

    private LoadEngines() {}

    /**
     * The archive that its user made, or one of ours, with packed weights where the processor can use them.
     *
     * @param engines to which those are added that were loaded
     * @return the archive
     */
    static Path load(
            AnsweringModel model,
            ModelRepository models,
            InferenceEngines on,
            Precision precision,
            TextModelOptions options,
            List<InferenceEngine> engines)
            throws IOException {
        if (model instanceof ScriptedModel scripted) {
            loadOnEach(scripted.archive(), scripted, on, options, engines);
            engines.forEach(loaded -> loaded.run(OF_ANOTHER_SHAPE));
            return scripted.archive().path();
        }
        ProcessorPrecision.slower(precision, options.devices()).ifPresent(why -> log.warn("dtype: {}", why));
        TaskModel written = (TaskModel) model;
        if (precision == Precision.INT8) {
            options.devices().forEach(ComputeDevice::requireInt8);
            Malloc.keepWhatIsFreed();
            return loadOnEach(
                    archive(written, models, precision, ArchiveVariant.Layout.PACKED), model, on, options, engines);
        }
        if (!options.onCards() && ProcessorPrecision.packs(precision)) {
            try {
                return loadOnEach(
                        archive(written, models, precision, ArchiveVariant.Layout.PACKED), model, on, options, engines);
            } catch (InferenceException e) {
                log.info("This processor cannot multiply with packed weights in {}: {}", precision, e.getMessage());
            }
        }
        return loadOnEach(
                archive(written, models, precision, ArchiveVariant.Layout.PLAIN), model, on, options, engines);
    }

    private static DisplayPath archive(
            TaskModel model, ModelRepository models, Precision precision, ArchiveVariant.Layout layout)
            throws IOException {
        return DisplayPath.of(models.archive(model, new ArchiveVariant.Inference(precision, layout)));
    }

    private static Path loadOnEach(
            DisplayPath archive,
            AnsweringModel model,
            InferenceEngines on,
            TextModelOptions options,
            List<InferenceEngine> engines)
            throws IOException {
        for (ComputeDevice device : options.devices()) {
            engines.add(on.load(archive, model.call(), device));
        }
        return archive.path();
    }
}
