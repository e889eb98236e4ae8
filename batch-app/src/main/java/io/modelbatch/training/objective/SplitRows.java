package io.modelbatch.training.objective;

import java.util.List;
import java.util.stream.Stream;

/**
 * The rows of a training.
 *
 * @param training those that the model learns from
 * @param heldOut those that it never learns from
 */
public record SplitRows(List<Row> training, List<Row> heldOut) {
    /** Keeps its own copies. */
    public SplitRows {
        training = List.copyOf(training);
        heldOut = List.copyOf(heldOut);
    }

    /** The rows of both sides. */
    public Stream<Row> all() {
        return Stream.concat(training.stream(), heldOut.stream());
    }
}
