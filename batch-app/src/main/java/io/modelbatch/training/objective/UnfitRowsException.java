package io.modelbatch.training.objective;

import io.modelbatch.base.Explained;

/** Rows that a model cannot learn from. The message names the row or the column, and the way out. */
public final class UnfitRowsException extends RuntimeException implements Explained {
    /**
     * The rows of a run are pinned, so that it needs other rows in a new run. That is added to the message.
     *
     * @param message the problem, without a full stop
     */
    public UnfitRowsException(String message) {
        super(message + ". The run keeps its rows: start a new one with again=true");
    }
}
