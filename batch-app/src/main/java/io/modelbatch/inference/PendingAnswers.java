package io.modelbatch.inference;

import java.util.Optional;
import java.util.function.BooleanSupplier;

/** A block of rows that is being answered. */
public interface PendingAnswers {
    /**
     * Waits for the answers.
     *
     * @param stop asked now and then whether to give up
     * @return the answers in the order of the rows; empty when it was told to stop
     * @throws InferenceException when a forward pass failed
     */
    Optional<Answers> await(BooleanSupplier stop);

    /** Waits until so many rows are answered or rejected, or there are no more. */
    void await(int rows);

    /** Gives up: passes that have not begun are not made. */
    void cancel();
}
