package io.modelbatch.inference;

/** A batch does not fit into the device's memory. */
public final class DeviceMemoryException extends InferenceException {
    /** With the batch's size and the engine's own error. */
    public DeviceMemoryException(String message, Throwable cause) {
        super(message, cause);
    }
}
