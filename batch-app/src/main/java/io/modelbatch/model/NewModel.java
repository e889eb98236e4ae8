package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.architecture.Head;
import io.modelbatch.model.architecture.ModelConfig;
import io.modelbatch.model.architecture.Network;
import io.modelbatch.model.tensor.SafetensorsWriter;
import io.modelbatch.model.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** A model that has learned nothing: a configuration, a tokenizer and random weights. */
public final class NewModel {
    private NewModel() {}

    /**
     * Writes a classifier of texts as a model directory, whole or not at all.
     *
     * @param directory is not there yet
     * @param config its {@code config.json}
     * @param tokenizer its {@code tokenizer.json}
     * @param seed the same seed gives the same weights
     */
    public static void write(Path directory, String config, String tokenizer, long seed) throws IOException {
        ModelConfig read = ModelConfig.parse(
                config.getBytes(StandardCharsets.UTF_8),
                DisplayPath.of(directory).resolve(ModelFiles.CONFIG));
        Network network = Network.of(read, new Head.TextClassification(read.problemType(), read.labels()));
        List<Tensor> weights = network.parameters().stream()
                .map(parameter -> Initialisation.of(parameter, read.initializerRange(), seed))
                .toList();
        Path fresh = AtomicFolders.freshFolder(Objects.requireNonNull(directory.getParent()));
        try {
            Files.writeString(fresh.resolve(ModelFiles.CONFIG), config);
            Files.writeString(fresh.resolve(ModelFiles.TOKENIZER), tokenizer);
            SafetensorsWriter.write(fresh.resolve(ModelFiles.WEIGHTS), weights);
            AtomicFolders.publish(fresh, directory);
        } finally {
            AtomicFolders.discard(fresh);
        }
    }
}
