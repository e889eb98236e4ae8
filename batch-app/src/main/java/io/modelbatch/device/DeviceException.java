package io.modelbatch.device;

import io.modelbatch.base.Explained;

/** A device cannot compute: the message says what is missing, and the way out. */
public final class DeviceException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public DeviceException(String message) {
        super(message);
    }

    /** With what to tell the user, and the engine's own error. */
    public DeviceException(String message, Throwable cause) {
        super(message, cause);
    }
}
