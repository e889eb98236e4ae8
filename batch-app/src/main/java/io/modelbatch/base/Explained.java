package io.modelbatch.base;

import java.util.Optional;

/**
 * Implemented by exceptions whose message is written for the user: what failed, the value, why, and what to do. Every other exception is
 * an unexpected one.
 */
public interface Explained {
    /** The remedy; empty where the causes of the exception decide. An I/O failure among them may pass; any other needs a change. */
    default Optional<Remedy> remedy() {
        return Optional.empty();
    }
}
