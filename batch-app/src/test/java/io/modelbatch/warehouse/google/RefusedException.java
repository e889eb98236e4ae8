package io.modelbatch.warehouse.google;

/** An answer that is an error: what HTTP, a job's {@code errorResult} and gRPC each say in their own way. */
final class RefusedException extends RuntimeException {
    private final int status;
    private final String reason;

    RefusedException(int status, String reason, String message) {
        super(message);
        this.status = status;
        this.reason = reason;
    }

    static RefusedException notFound(String what) {
        return new RefusedException(404, "notFound", "Not found: " + what);
    }

    static RefusedException duplicate(String what) {
        return new RefusedException(409, "duplicate", "Already Exists: " + what);
    }

    static RefusedException invalidQuery(String message) {
        return new RefusedException(400, "invalidQuery", message);
    }

    static RefusedException invalid(String message) {
        return new RefusedException(400, "invalid", message);
    }

    static RefusedException denied(String message) {
        return new RefusedException(403, "accessDenied", "Access Denied: " + message);
    }

    int status() {
        return status;
    }

    String reason() {
        return reason;
    }
}
