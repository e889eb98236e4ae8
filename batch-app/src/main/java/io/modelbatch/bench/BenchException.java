package io.modelbatch.bench;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** A benchmark cannot run: the message says why. */
public final class BenchException extends RuntimeException implements Explained {
    /** With what to tell the user. */
    public BenchException(String message) {
        super(message);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
