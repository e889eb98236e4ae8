package io.modelbatch.store.google;

import java.util.List;
import java.util.Map;

/** An answer of Cloud Storage that is an error. */
final class StorageRefusal extends RuntimeException {
    private final int status;
    private final String reason;

    StorageRefusal(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    int status() {
        return status;
    }

    /** As the JSON API writes it. */
    Map<String, Object> body() {
        String message = String.valueOf(getMessage());
        return Map.of(
                "error",
                Map.of(
                        "code",
                        status,
                        "message",
                        message,
                        "errors",
                        List.of(Map.of("domain", "global", "reason", reason, "message", message))));
    }
}
