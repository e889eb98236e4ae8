package io.modelbatch.launch;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** A request of an operator that would be unsafe or has no effect; the message says why. */
public final class RunRefusedException extends RuntimeException implements Explained {
    RunRefusedException(String message) {
        super(message);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
