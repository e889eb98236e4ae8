package io.modelbatch.training;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.modelbatch.device.ComputeDevice;
import io.modelbatch.model.AddressPattern;
import io.modelbatch.training.objective.DataOptions;
import io.modelbatch.training.objective.LearnedTask;
import io.modelbatch.training.objective.Objective;
import io.modelbatch.training.optimizer.OptimizerOptions;
import io.modelbatch.training.optimizer.ScheduleOptions;
import jakarta.validation.constraints.Pattern;
import java.util.StringJoiner;

/**
 * Options of the step that trains a model. In a job file the keys of the groups stand beside the others.
 *
 * @param model the model to start from: {@code gs://…}, {@code gs://…@latest} or a folder
 * @param task the task that the model learns
 * @param data the rows that it learns from
 * @param loop the steps
 * @param schedule the learning rate of each step
 * @param optimizer the change of the weights in each step
 * @param device the device that computes. A training may resume on another device, so it is not part of the {@link #plan}
 */
public record TrainOptions(
        @JsonProperty(required = true)
        @JsonPropertyDescription("model to start from: gs://bucket/folder, gs://bucket/folder@latest or a folder")
        @Pattern(regexp = AddressPattern.MODEL, message = AddressPattern.MODEL_MESSAGE)
        String model,

        @JsonProperty(required = true) @JsonPropertyDescription("task that the model learns")
        LearnedTask task,

        @JsonUnwrapped DataOptions data,
        @JsonUnwrapped LoopOptions loop,
        @JsonUnwrapped ScheduleOptions schedule,
        @JsonUnwrapped OptimizerOptions optimizer,

        @JsonProperty(defaultValue = "auto")
        @JsonPropertyDescription("device that computes: auto, cpu, gpu (the first GPU) or one GPU, such as gpu:0")
        @Pattern(regexp = ComputeDevice.PATTERN, message = ComputeDevice.PATTERN_MESSAGE)
        String device) {
    /** The objective of the task. */
    public Objective<?> objective() {
        return task.objective(data);
    }

    /**
     * The options that decide the course of a training, as text. Checkpoints hold a hash of it, so the text for given options never changes: an
     * option that is added stands here only where it differs from its default.
     */
    String plan() {
        return new StringJoiner(", ", "TrainOptions[", "]")
                .add("model=" + model)
                .add("task=" + task)
                .add("text=" + data.text())
                .add("textPair=" + data.textPair())
                .add("label=" + data.label())
                .add("holdout=" + data.holdout())
                .add("maxLength=" + data.maxLength())
                .add("numTrainEpochs=" + loop.numTrainEpochs())
                .add("learningRate=" + schedule.learningRate())
                .add("perDeviceTrainBatchSize=" + loop.perDeviceTrainBatchSize())
                .add("weightDecay=" + optimizer.weightDecay())
                .add("warmupRatio=" + schedule.warmupRatio())
                .add("maxGradNorm=" + optimizer.maxGradNorm())
                .add("adamBeta1=" + optimizer.adamBeta1())
                .add("adamBeta2=" + optimizer.adamBeta2())
                .add("adamEpsilon=" + optimizer.adamEpsilon())
                .add("seed=" + loop.seed())
                .add("saveSteps=" + loop.saveSteps())
                .add("lrSchedulerType=" + schedule.lrSchedulerType())
                .toString();
    }
}
