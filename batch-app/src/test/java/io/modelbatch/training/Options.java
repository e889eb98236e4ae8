package io.modelbatch.training;

import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** Options of a training, with what a test cares for and otherwise what a job file would get. */
final class Options {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private Options() {}

    static TrainOptions of(Map<String, Object> chosen) {
        Map<String, Object> all = new LinkedHashMap<>(Map.of(
                "model", "base",
                "task", "TEXT_CLASSIFICATION",
                "text", "text",
                "label", "label",
                "holdout", 0.1,
                "maxGradNorm", 1.0,
                "perDeviceTrainBatchSize", 16));
        all.putAll(Map.of(
                "adamBeta1", 0.9,
                "adamBeta2", 0.999,
                "adamEpsilon", 1e-8,
                "weightDecay", 0.01,
                "warmupRatio", 0.1,
                "numTrainEpochs", 4,
                "learningRate", 0.003,
                "seed", 42,
                "saveSteps", 500,
                "lrSchedulerType", "linear"));
        all.put("device", "auto");
        all.putAll(chosen);
        return JSON.convertValue(all, TrainOptions.class);
    }
}
