package io.modelbatch.run;

/** The job repository stays away or fails again and again: the run ends, and can be resumed. The message says how it failed. */
public final class RepositoryLostException extends RuntimeException {
    RepositoryLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
