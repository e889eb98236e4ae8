package io.modelbatch.run.claim;

import io.modelbatch.base.Explained;

/** Another run has taken the folder of a result, so that this one publishes nothing there. */
public final class ResultTakenException extends RuntimeException implements Explained {
    ResultTakenException(String message) {
        super(message);
    }
}
