package io.modelbatch.artifact.google;

import com.google.cloud.storage.StorageException;
import io.modelbatch.artifact.ObjectExistsException;
import io.modelbatch.artifact.ObjectUri;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;

/** What Cloud Storage's refusals mean to a person, and whether another attempt may help. */
final class StorageFailures {
    static final int PRECONDITION_FAILED = 412;
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;

    private StorageFailures() {}

    static IOException explain(ObjectUri uri, StorageException failure) {
        return switch (failure.getCode()) {
            case NOT_FOUND ->
                isAboutBucket(failure)
                        ? new NoSuchFileException(
                                uri.toString(), null, "there is no bucket '" + uri.bucket() + "'; is its name right?")
                        : CloudStorageStore.missing(uri);
            case FORBIDDEN ->
                new AccessDeniedException(
                        uri.toString(),
                        null,
                        "Cloud Storage refuses it to these credentials; the role roles/storage.objectAdmin on the bucket grants it"
                                + " (" + words(failure) + ")");
            case UNAUTHENTICATED ->
                new AccessDeniedException(
                        uri.toString(), null, "Cloud Storage does not accept the credentials (" + words(failure) + ")");
            case PRECONDITION_FAILED -> new ObjectExistsException(uri, "was changed by somebody else in the meantime");
            default -> new IOException(uri + ": Cloud Storage failed: " + words(failure), failure);
        };
    }

    private static boolean isAboutBucket(StorageException failure) {
        return String.valueOf(failure.getMessage()).contains("bucket does not exist");
    }

    /** Without the request, whose address would let anybody write the rest of an upload. */
    private static String words(StorageException failure) {
        return String.valueOf(failure.getMessage()).strip().lines().findFirst().orElse("");
    }
}
