package io.modelbatch.step.command;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.util.Optional;

/** A program failed, or could not be started: the message names it, its end and the way out. */
final class ProgramException extends RuntimeException implements Explained {
    private final Remedy remedy;

    ProgramException(String message, Remedy remedy) {
        super(message);
        this.remedy = remedy;
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(remedy);
    }
}
