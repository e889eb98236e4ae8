package io.modelbatch.training.optimizer;

/**
 * The learning rate of each optimizer step, as transformers' {@code get_scheduler} has it.
 *
 * @param options its height, schedule and warm-up
 * @param steps optimizer steps of the whole training
 */
public record LearningRate(ScheduleOptions options, long steps) {
    /** The rate of a step, counted from 0. */
    public double at(long step) {
        return options.learningRate()
                * switch (options.lrSchedulerType()) {
                    case CONSTANT -> 1;
                    case CONSTANT_WITH_WARMUP -> step < warmup() ? rise(step) : 1;
                    case LINEAR -> step < warmup() ? rise(step) : fall(step);
                };
    }

    private double rise(long step) {
        return step / (double) Math.max(1, warmup());
    }

    private double fall(long step) {
        return Math.max(0.0, (steps - step) / (double) Math.max(1, steps - warmup()));
    }

    private long warmup() {
        return (long) Math.ceil(steps * options.warmupRatio());
    }
}
