package io.modelbatch.step.rows;

import io.modelbatch.base.Explained;

/** This process lacks something that a partition needs, such as a jar or a key. Another one may have it. */
public final class UnfitProcessException extends RuntimeException implements Explained {
    /** With what it lacks, and how it gets that. */
    public UnfitProcessException(String message) {
        super(message);
    }

    /** With the failure that says so to the user. */
    public UnfitProcessException(RuntimeException failure) {
        super(failure.getMessage(), failure);
    }
}
