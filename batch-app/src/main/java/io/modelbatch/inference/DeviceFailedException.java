package io.modelbatch.inference;

import io.modelbatch.base.Remedy;
import java.util.Optional;

/** A GPU failed, and not the model or its input: the same work may succeed on another one. */
public final class DeviceFailedException extends InferenceException {
    /** With the device and the engine's own error. */
    public DeviceFailedException(String message, Throwable cause) {
        super(message, cause);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.RETRY);
    }
}
