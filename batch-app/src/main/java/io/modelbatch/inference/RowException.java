package io.modelbatch.inference;

/** A row that no model can answer. */
public final class RowException extends RuntimeException {
    private final int row;

    /** Names the row and the reason. */
    public RowException(int row, String reason) {
        super("Row " + row + " of the block " + reason);
        this.row = row;
    }

    /** The row's number in the block, from 0. */
    public int row() {
        return row;
    }
}
