package io.modelbatch.artifact;

import java.io.IOException;

/** An object is not as it was written: it is missing, or its length or checksum is another one. Reading it again does not help. */
public final class DamagedObjectException extends IOException {
    /** With the object, the damage and the way out. */
    public DamagedObjectException(String message) {
        super(message);
    }
}
