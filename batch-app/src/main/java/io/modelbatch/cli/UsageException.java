package io.modelbatch.cli;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** The command line cannot mean anything: the message says what is wrong and what can be typed. */
public final class UsageException extends RuntimeException implements Explained {
    /** With what is wrong and what can be typed. */
    public UsageException(String message) {
        super(message);
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CONFIGURE);
    }
}
