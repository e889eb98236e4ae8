package io.modelbatch.inference;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.model.ModelRepository;
import io.modelbatch.model.TaskModel;
import io.modelbatch.model.architecture.ArchiveVariant;
import io.modelbatch.model.tensor.Dtype;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads a model's archive on each device, the one that is fastest there. */
final class LoadEngines {
    private static final Logger log = LoggerFactory.getLogger(LoadEngines.class);

    private LoadEngines() {}

    /**
     * Packed weights where the processor can use them.
     *
     * @param engines to which those are added that were loaded
     * @return the archive
     */
    static Path load(
            TaskModel model,
            ModelRepository models,
            ComputeEngine engine,
            Dtype dtype,
            TextModelOptions options,
            List<InferenceEngine> engines)
            throws IOException {
        if (!options.onCards() && mayPack(dtype)) {
            Path packed = models.archive(model, new ArchiveVariant.Inference(dtype, ArchiveVariant.Layout.PACKED));
            try {
                engines.add(InferenceEngine.load(packed, engine, ComputeDevice.CPU));
                return packed;
            } catch (InferenceException e) {
                log.info("This processor has no products with packed weights in {}: {}", dtype, e.getMessage());
            }
        }
        Path plain = models.archive(model, new ArchiveVariant.Inference(dtype, ArchiveVariant.Layout.PLAIN));
        for (ComputeDevice device : options.devices()) {
            engines.add(InferenceEngine.load(plain, engine, device));
        }
        return plain;
    }

    /** oneDNN's packed products are for x86 processors, and not for float16. */
    static boolean mayPack(Dtype dtype) {
        return dtype != Dtype.FLOAT16 && System.getProperty("os.arch").matches("amd64|x86_64");
    }
}
