package io.modelbatch.warehouse;

import io.modelbatch.base.Explained;

/** The warehouse refuses: the message names the table, column, key or file, the cause, and the way out. */
public final class WarehouseException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public WarehouseException(String message) {
        super(message);
    }

    /** With what to tell the user, and the warehouse's own error. */
    public WarehouseException(String message, Throwable cause) {
        super(message, cause);
    }
}
