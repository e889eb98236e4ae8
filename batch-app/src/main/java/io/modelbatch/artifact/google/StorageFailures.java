package io.modelbatch.artifact.google;

import com.google.cloud.storage.StorageException;
import io.modelbatch.artifact.GoogleRefusal;
import io.modelbatch.artifact.ObjectExistsException;
import io.modelbatch.artifact.ObjectUri;
import io.modelbatch.artifact.TokenException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Optional;
import java.util.Set;

/** What Cloud Storage's refusals mean to a person, and whether another attempt may help. */
final class StorageFailures {
    static final int PRECONDITION_FAILED = 412;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHENTICATED = 401;
    private static final int FORBIDDEN = 403;
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
        return switch (failure.getCode()) {
            case NOT_FOUND ->
                isAboutBucket(failure)
                        ? new NoSuchFileException(
                                uri.toString(),
                                null,
                                "there is no bucket '" + uri.bucket()
                                        + "'; is its name right? Make it with: gcloud storage buckets create gs://"
                                        + uri.bucket())
                        : CloudStorageStore.missing(uri);
            case FORBIDDEN ->
                PASSING.contains(reason(failure))
                        ? failed(uri, failure)
                        : refused(uri, words(failure) + forbidden(uri, failure));
            case BAD_REQUEST ->
                isDamaged(failure) ? failed(uri, failure) : refused(uri, words(failure) + general(uri, failure));
            case UNAUTHENTICATED ->
                refused(uri, "Cloud Storage does not accept the credentials (" + words(failure) + ")");
            case PRECONDITION_FAILED -> new ObjectExistsException(uri, "was changed by somebody else in the meantime");
            default -> failed(uri, failure);
        };
    }

    private static IOException failed(ObjectUri uri, StorageException failure) {
        return new IOException(uri + ": Cloud Storage failed: " + words(failure), failure);
    }

    private static AccessDeniedException refused(ObjectUri uri, String why) {
        return new AccessDeniedException(uri.toString(), null, why);
    }

    private static String general(ObjectUri uri, StorageException failure) {
        return GoogleRefusal.advice(reason(failure), words(failure))
                .map(advice -> ". " + advice.replace("BUCKET", uri.bucket()))
                .orElse("");
    }

    /** The way out of a 403, which may have nothing to do with roles. */
    private static String forbidden(ObjectUri uri, StorageException failure) {
        String general = general(uri, failure);
        if (!general.isEmpty() || words(failure).contains("roles/")) {
            return general;
        }
        return switch (reason(failure)) {
            case "retentionPolicyNotMet" ->
                ". The bucket keeps its objects for a time, and what is written here is also replaced and removed. Name another bucket,"
                        + " or: gcloud storage buckets update gs://" + uri.bucket() + " --clear-retention-period";
            case "objectUnderActiveHold" ->
                ". Somebody holds the object. Release it: gcloud storage objects update " + uri
                        + " --no-event-based-hold --no-temporary-hold";
            default ->
                words(failure).contains("storage.buckets.get")
                        ? ". The role roles/storage.legacyBucketReader on the bucket grants it"
                        : ". The role roles/storage.objectAdmin on the bucket grants it";
        };
    }

    /** A body that arrived with other bytes than were sent arrives better the next time. */
    private static boolean isDamaged(StorageException failure) {
        return words(failure).contains("doesn't match calculated");
    }

    private static boolean isAboutBucket(StorageException failure) {
        return String.valueOf(failure.getMessage()).contains("bucket does not exist");
    }

    private static String reason(StorageException failure) {
        return String.valueOf(failure.getReason());
    }

    /** Without the request, whose address would let anybody write the rest of an upload. */
    private static String words(StorageException failure) {
        return String.valueOf(failure.getMessage())
                .strip()
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("[.\\s]+$", "");
    }
}
