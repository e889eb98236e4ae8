package io.modelbatch.training;

import java.util.List;

/**
 * The examples of each optimizer step, counted from 0: those of its place in the order of its epoch.
 *
 * @param <E> the examples
 */
final class TrainingBatches<E> {
    private final List<E> examples;
    private final ExampleOrder<E> order;
    private final int size;
    private final int epochs;
    private long orderedEpoch = -1;
    private List<E> ordered = List.of();

    TrainingBatches(List<E> examples, ExampleOrder<E> order, LoopOptions options) {
        this.examples = examples;
        this.order = order;
        this.size = options.perDeviceTrainBatchSize();
        this.epochs = options.numTrainEpochs();
    }

    List<E> of(long step) {
        long epoch = step / stepsPerEpoch();
        if (epoch != orderedEpoch) {
            ordered = order.of(examples, epoch);
            orderedEpoch = epoch;
        }
        int from = (int) (step % stepsPerEpoch()) * size;
        return ordered.subList(from, Math.min(ordered.size(), from + size));
    }

    /** The last step of an epoch takes what is left. */
    long stepsPerEpoch() {
        return ((long) examples.size() + size - 1) / size;
    }

    long steps() {
        return stepsPerEpoch() * epochs;
    }

    /** Examples of the steps before this one, each as often as it was learned from. */
    long before(long step) {
        return step / stepsPerEpoch() * examples.size() + step % stepsPerEpoch() * size;
    }
}
