package io.modelbatch.training;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * The order in which an epoch goes through the examples.
 *
 * @param <E> the examples
 */
@FunctionalInterface
interface ExampleOrder<E> {
    /** All examples, each once; the same for the same epoch, which counts from 0. */
    List<E> of(List<E> examples, long epoch);

    /** Another order in every epoch. */
    static <E> ExampleOrder<E> shuffled(Seeds seeds) {
        return (examples, epoch) -> {
            List<E> order = new ArrayList<>(examples);
            Collections.shuffle(order, new Random(seeds.ofEpoch(epoch)));
            return order;
        };
    }
}
