package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.TextModel;
import io.modelbatch.model.AnsweringModel;
import io.modelbatch.model.ModelDirectory;
import io.modelbatch.result.RecordSchema;
import java.io.IOException;
import java.util.List;

/**
 * A model whose files are verified, and whose weights need not be loaded.
 *
 * @param fingerprint of its files
 * @param bytes their lengths, all together
 * @param answering the model for the task of the step
 */
record OpenModel(String fingerprint, long bytes, AnsweringModel answering) {
    static OpenModel of(ModelDirectory directory, InferOptions options) throws IOException {
        return new OpenModel(directory.fingerprint(), directory.bytes(), directory.forTask(options.task()));
    }

    /** The columns of a result beside the key. */
    List<RecordSchema.Field> columns(InferOptions options) {
        return options.resultColumns(TextModel.columns(answering, options.on(List.of(ComputeDevice.CPU))));
    }
}
