package io.modelbatch.base;

import java.util.Optional;

/**
 * Implemented by exceptions whose message is written for the user: what failed, the value, why, and what to do. Every other exception is
 * an unexpected one.
 */
public interface Explained {
    /** What may help. Empty where the exceptions that caused it decide: an I/O failure among them may pass, and nothing else. */
    default Optional<Remedy> remedy() {
        return Optional.empty();
    }
}
