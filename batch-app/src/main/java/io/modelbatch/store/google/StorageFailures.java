package io.modelbatch.store.google;

import com.google.cloud.storage.StorageException;
import io.modelbatch.google.GoogleRefusal;
import io.modelbatch.google.TokenException;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;

/** Explains refusals of Cloud Storage, and says whether another attempt may help. */
final class StorageFailures {
    static final int PRECONDITION_FAILED = 412;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHENTICATED = 401;
    static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    /** Reasons of 403 that pass within minutes. */
    private static final Set<String> PASSING = Set.of("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded");

    private StorageFailures() {}

    static IOException explain(ObjectUri uri, StorageException failure) {
        Optional<TokenException> noToken = TokenException.in(failure);
        if (noToken.isPresent()) {
            return noToken.get().isRetryable()
                    ? new IOException(uri + ": " + noToken.get().getMessage(), failure)
                    : refused(uri, String.valueOf(noToken.get().getMessage()));
        }
        StorageAnswer answer = StorageAnswer.of(failure);
        return switch (failure.getCode()) {
            case NOT_FOUND ->
                isAboutBucket(failure)
                        ? new NoSuchFileException(
                                uri.toString(),
                                null,
                                "there is no bucket '" + uri.bucket()
                                        + "'. Check the name, or create it: gcloud storage buckets create gs://"
                                        + uri.bucket() + " --location=LOCATION")
                        : CloudStorageStore.missing(uri);
            case FORBIDDEN ->
                PASSING.contains(answer.reason())
                        ? failed(uri, answer, failure)
                        : refused(uri, answer.words() + forbidden(uri, answer));
            case BAD_REQUEST ->
                isDamaged(answer) ? failed(uri, answer, failure) : refused(uri, answer.words() + general(uri, answer));
            case UNAUTHENTICATED ->
                refused(
                        uri,
                        "Cloud Storage does not accept the credentials (" + answer.words()
                                + "); run 'check' to see how to fix them");
            case PRECONDITION_FAILED ->
                new ObjectExistsException(uri, "was changed by another process in the meantime");
            default -> failed(uri, answer, failure);
        };
    }

    private static IOException failed(ObjectUri uri, StorageAnswer answer, StorageException failure) {
        return new IOException(uri + ": Cloud Storage failed: " + answer.words(), failure);
    }

    private static AccessDeniedException refused(ObjectUri uri, String why) {
        return new AccessDeniedException(uri.toString(), null, why);
    }

    private static String general(ObjectUri uri, StorageAnswer answer) {
        return GoogleRefusal.advice(answer.reason(), answer.words())
                .map(advice -> ". " + advice.replace("BUCKET", uri.bucket()))
                .orElse("");
    }

    /** The way out of a 403, which may have nothing to do with roles. */
    private static String forbidden(ObjectUri uri, StorageAnswer answer) {
        String general = general(uri, answer);
        if (!general.isEmpty() || answer.words().contains("roles/")) {
            return general;
        }
        return ". "
                + KeptObjects.after(uri, answer.words())
                        .orElse(
                                answer.words().contains("storage.buckets.get")
                                        ? "Grant roles/storage.legacyBucketReader on the bucket"
                                        : "Grant roles/storage.objectAdmin on the bucket");
    }

    /** A body that arrived with other bytes than were sent arrives better the next time. */
    private static boolean isDamaged(StorageAnswer answer) {
        return answer.words().contains("doesn't match calculated");
    }

    private static boolean isAboutBucket(StorageException failure) {
        return String.valueOf(failure.getMessage()).contains("bucket does not exist");
    }
}
