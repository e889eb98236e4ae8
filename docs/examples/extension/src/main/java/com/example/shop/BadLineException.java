package com.example.shop;

import io.modelbatch.base.Explained;

/** A line cannot be read. Its message is for the user of the job, because it is {@link Explained}. */
final class BadLineException extends IllegalArgumentException implements Explained {
    private static final long serialVersionUID = 1L;

    BadLineException(String message) {
        super(message);
    }
}
