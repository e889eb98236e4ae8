package io.modelbatch.step.infer;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.TextModelOptions;
import io.modelbatch.inference.TokenAggregation;
import io.modelbatch.model.Task;
import io.modelbatch.result.ResultOptions;

/** Options of {@code infer} steps as a job file without them has them. */
final class Options {
    private Options() {}

    static InferOptions classification(String model, String to) {
        return options(model, to, null, null);
    }

    /** With a limit of rejects. */
    static InferOptions classification(String model, String to, ResultOptions.Rejects rejects) {
        return options(model, to, null, rejects);
    }

    /** With several labels. */
    static InferOptions bestLabels(String model, String to, int topK) {
        return options(model, to, topK, null);
    }

    private static InferOptions options(String model, String to, Integer topK, ResultOptions.Rejects rejects) {
        return new InferOptions(
                model,
                null,
                Task.TEXT_CLASSIFICATION,
                "text",
                null,
                null,
                to,
                ResultOptions.Format.PARQUET,
                topK,
                TokenAggregation.SIMPLE,
                TextModelOptions.LongText.TRUNCATE,
                null,
                null,
                null,
                InferOptions.DtypeChoice.FLOAT32,
                "auto",
                rejects,
                null);
    }
}
