package io.modelbatch.launch;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** A jar with step types cannot be used. The message names it and the way out. */
public final class ExtensionException extends RuntimeException implements Explained {
    private static final long serialVersionUID = 1L;

    ExtensionException(String message) {
        super(message);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
