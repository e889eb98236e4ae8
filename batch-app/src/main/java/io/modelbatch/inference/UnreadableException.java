package io.modelbatch.inference;

/** A row cannot be read by the model: the message is the end of a sentence about the row. */
final class UnreadableException extends Exception {
    UnreadableException(String reason) {
        super(reason);
    }

    UnreadableException(String reason, Throwable cause) {
        super(reason, cause);
    }
}
