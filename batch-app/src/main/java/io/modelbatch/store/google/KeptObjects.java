package io.modelbatch.store.google;

import com.google.cloud.storage.Bucket;
import io.modelbatch.store.ObjectUri;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Settings of Cloud Storage that keep objects from being replaced and removed, and the way out of each. */
final class KeptObjects {
    private static final String BOTH_NEEDED = "A run also replaces and removes objects in this bucket. ";
    private static final String UPDATE = "gcloud storage buckets update gs://";

    private KeptObjects() {}

    /** The settings of a bucket, as sentences; empty where it has none of them. */
    static Optional<String> by(Bucket bucket) {
        Duration period =
                Optional.ofNullable(bucket.getRetentionPeriodDuration()).orElse(Duration.ZERO);
        boolean holds = Boolean.TRUE.equals(bucket.getDefaultEventBasedHold());
        if (period.isZero() && !holds) {
            return Optional.empty();
        }
        boolean isLocked = Boolean.TRUE.equals(bucket.retentionPolicyIsLocked());
        List<String> flags = new ArrayList<>();
        StringBuilder words = new StringBuilder();
        if (!period.isZero()) {
            words.append("The bucket keeps each object for ")
                    .append(words(period))
                    .append(", by a retention policy");
            words.append(isLocked ? " that is locked. " : ". ");
            flags.add("--clear-retention-period");
        }
        if (holds) {
            words.append("The bucket puts an event-based hold on each new object. ");
            flags.add("--no-default-event-based-hold");
        }
        words.append(BOTH_NEEDED).append("Use another bucket");
        if (!isLocked) {
            words.append(", or: ").append(UPDATE).append(bucket.getName()).append(' ');
            words.append(String.join(" ", flags));
        }
        return Optional.of(words.toString());
    }

    private static String words(Duration period) {
        if (period.equals(Duration.ofDays(period.toDays()))) {
            return period.toDays() + (period.toDays() == 1 ? " day" : " days");
        }
        return period.equals(Duration.ofHours(period.toHours()))
                ? period.toHours() + " hours"
                : period.toSeconds() + " seconds";
    }

    /**
     * The way out of a refusal, as sentences; empty for a refusal of another kind. The reason of the service is the same as for a missing
     * permission, so its words tell.
     */
    static Optional<String> after(ObjectUri uri, String refusal) {
        if (refusal.contains("retention policy")) {
            return Optional.of(BOTH_NEEDED + "Use another bucket, or, where the policy is not locked: " + UPDATE
                    + uri.bucket() + " --clear-retention-period");
        }
        if (refusal.contains(" hold ")) {
            return Optional.of(BOTH_NEEDED + "Release it: gcloud storage objects update " + uri
                    + " --no-event-based-hold --no-temporary-hold. Where the bucket holds each new object: " + UPDATE
                    + uri.bucket() + " --no-default-event-based-hold");
        }
        return Optional.empty();
    }
}
