package io.modelbatch.kubernetes;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** A job cannot run as it is asked, or its files cannot be written: the message says why, and what can be asked instead. */
public final class DeploymentException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public DeploymentException(String message) {
        super(message);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
