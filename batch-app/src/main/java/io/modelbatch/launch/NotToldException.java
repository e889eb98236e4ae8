package io.modelbatch.launch;

import io.modelbatch.base.Explained;

/** A notification cannot be told. The message is for the user, and has no address and no secret. */
final class NotToldException extends Exception implements Explained {
    NotToldException(String message) {
        super(message);
    }
}
