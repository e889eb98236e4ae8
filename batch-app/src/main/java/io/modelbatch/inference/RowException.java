package io.modelbatch.inference;

/** A row that no model can answer. */
public final class RowException extends RuntimeException {
    private final int row;
    private final String reason;

    /** Names the row and the reason. */
    public RowException(int row, String reason) {
        super("Row " + row + " of the block " + reason);
        this.row = row;
        this.reason = reason;
    }

    /** What is wrong with it, as the end of a sentence about the row. */
    public String reason() {
        return reason;
    }

    /** The row's number in the block, from 0. */
    public int row() {
        return row;
    }
}
