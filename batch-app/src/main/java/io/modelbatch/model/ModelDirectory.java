package io.modelbatch.model;

import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.tensor.ModelFile;
import java.io.IOException;
import java.nio.file.Files;

/** The files of a model, found whole and consistent. */
public sealed interface ModelDirectory permits PretrainedModel, ScriptedModel {
    /**
     * Verifies a directory, of whichever kind it is.
     *
     * @throws io.modelbatch.model.tensor.ModelException when it is none
     * @throws IOException when the disk fails
     */
    static ModelDirectory open(DisplayPath directory) throws IOException {
        return ModelFile.exists(directory.resolve(ModelFiles.DESCRIPTION))
                ? ScriptedModel.open(directory)
                : PretrainedModel.open(directory);
    }

    /** Where it lies. */
    DisplayPath directory();

    /** SHA-256, in hexadecimal, over the names and contents of its files. */
    String fingerprint();

    /** The sum of its files' lengths. */
    default long bytes() throws IOException {
        long bytes = 0;
        for (String name : ModelFiles.list(directory().path())) {
            bytes += Files.size(directory().path().resolve(name));
        }
        return bytes;
    }

    /**
     * The model for a task that it was trained for.
     *
     * @throws io.modelbatch.model.tensor.ModelException when it was not
     */
    AnsweringModel forTask(Task task) throws IOException;
}
