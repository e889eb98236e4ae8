package io.modelbatch.store.google;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import tools.jackson.databind.JsonNode;

/**
 * A bucket with its settings and objects. Sources: the pages of Cloud Storage named at each rule, in docs.cloud.google.com/storage/docs.
 */
public final class ServedBucket {
    /** Those that have a name of their own, by the page "Bucket locations". */
    private static final Set<String> DUAL_REGIONS = Set.of("ASIA1", "EUR4", "NAM4");

    private static final AtomicLong GENERATIONS = new AtomicLong(1_000);

    private final String name;
    private final String location;
    private final NavigableMap<String, StoredBytes> objects = new TreeMap<>();
    private final Set<Permission> granted = EnumSet.allOf(Permission.class);
    private final Set<String> held = new HashSet<>();
    private Duration retention = Duration.ZERO;
    private boolean isLocked;
    private boolean holdsNewObjects;
    private boolean requesterPays;

    /** The permissions of a caller on a bucket or its objects. */
    public enum Permission {
        GET_BUCKET("storage.buckets.get"),
        LIST_OBJECTS("storage.objects.list"),
        GET_OBJECTS("storage.objects.get"),
        CREATE_OBJECTS("storage.objects.create"),
        DELETE_OBJECTS("storage.objects.delete");

        private final String code;

        Permission(String code) {
            this.code = code;
        }
    }

    ServedBucket(String name, String location) {
        this.name = name;
        this.location = location;
    }

    /** From now on its callers lack the permission; {@code roles/storage.objectAdmin} lacks {@link Permission#GET_BUCKET}. */
    public synchronized ServedBucket deny(Permission permission) {
        granted.remove(permission);
        return this;
    }

    /** Each object stays as it is for a time, by the page bucket-lock: a retention policy also covers objects that are there already. */
    public synchronized ServedBucket retain(Duration period) {
        retention = period;
        return this;
    }

    /** The page bucket-lock: nobody can remove the policy, or shorten its period, any more. */
    public synchronized ServedBucket lockRetention() {
        isLocked = true;
        return this;
    }

    /** The page object-holds: with the default event-based hold, each new object has such a hold. */
    public synchronized ServedBucket holdNewObjects() {
        holdsNewObjects = true;
        return this;
    }

    /** Puts an event-based hold on an object. */
    public synchronized void hold(String object) {
        held.add(object);
    }

    /** The page requester-pays: a request that names no project to bill is refused. */
    public synchronized ServedBucket requesterPays() {
        requesterPays = true;
        return this;
    }

    /** The bucket resource. */
    synchronized Map<String, Object> describe(Map<String, String> query) {
        require(Permission.GET_BUCKET, query);
        Map<String, Object> bucket = new LinkedHashMap<>();
        bucket.put("kind", "storage#bucket");
        bucket.put("name", name);
        bucket.put("location", location);
        bucket.put(
                "locationType",
                DUAL_REGIONS.contains(location) ? "dual-region" : location.contains("-") ? "region" : "multi-region");
        if (!retention.isZero()) {
            bucket.put(
                    "retentionPolicy",
                    Map.of("retentionPeriod", String.valueOf(retention.toSeconds()), "isLocked", isLocked));
        }
        if (holdsNewObjects) {
            bucket.put("defaultEventBasedHold", true);
        }
        if (requesterPays) {
            bucket.put("billing", Map.of("requesterPays", true));
        }
        return bucket;
    }

    synchronized StoredBytes find(String object, Map<String, String> query) {
        require(Permission.GET_OBJECTS, query);
        return there(object, query);
    }

    private StoredBytes there(String object, Map<String, String> query) {
        return Optional.ofNullable(objects.get(object))
                .filter(stored -> !query.containsKey("generation")
                        || query.get("generation").equals(String.valueOf(stored.generation())))
                .orElseThrow(() -> new StorageRefusal(404, "notFound", "No such object: " + name + "/" + object));
    }

    /** Objects that are named so, from the page's first one on, and one more than are asked for where there are more. */
    synchronized List<StoredBytes> list(String prefix, int most, Map<String, String> query) {
        require(Permission.LIST_OBJECTS, query);
        return objects.tailMap(query.getOrDefault("pageToken", prefix), true).values().stream()
                .takeWhile(stored -> stored.name().startsWith(prefix))
                .limit(most + 1L)
                .toList();
    }

    synchronized StoredBytes store(String object, JsonNode metadata, Map<String, String> query, Path file)
            throws IOException {
        verifyToStore(object, query);
        StoredBytes stored = StoredBytes.of(name, object, metadata, file, GENERATIONS.incrementAndGet());
        objects.put(object, stored);
        if (holdsNewObjects) {
            held.add(object);
        }
        return stored;
    }

    /** Refuses an upload that could not be stored. The page iam-permissions: one that replaces an object needs the permission to delete it. */
    synchronized void verifyToStore(String object, Map<String, String> query) {
        require(Permission.CREATE_OBJECTS, query);
        verifyGeneration(object, query);
        if (objects.containsKey(object)) {
            require(Permission.DELETE_OBJECTS, query);
            refuseToLose(object);
        }
    }

    synchronized void delete(String object, Map<String, String> query) {
        require(Permission.DELETE_OBJECTS, query);
        there(object, query);
        verifyGeneration(object, query);
        refuseToLose(object);
        objects.remove(object);
    }

    private void verifyGeneration(String object, Map<String, String> query) {
        String expected = query.get("ifGenerationMatch");
        StoredBytes there = objects.get(object);
        if (expected != null && Long.parseLong(expected) != (there == null ? 0 : there.generation())) {
            throw new StorageRefusal(
                    412, "conditionNotMet", "At least one of the pre-conditions you specified did not hold.");
        }
    }

    /**
     * The pages object-holds and bucket-lock: an object is neither deleted nor replaced while it is held or before its time. Words and
     * reason as users saw them: GoogleCloudPlatform/gsutil#1175 for holds; treeverse/lakeFS#1339 and kubernetes/k8s.io#2755 for retention,
     * whose reason is "forbidden".
     */
    private void refuseToLose(String object) {
        String refused = "Object '" + name + "/" + object + "' is ";
        if (held.contains(object)) {
            throw new StorageRefusal(
                    403,
                    "forbidden",
                    refused + "under active Event-Based hold and cannot be deleted, overwritten or archived until hold"
                            + " is removed.");
        }
        Instant end = objects.get(object).created().plus(retention);
        if (end.isAfter(Instant.now())) {
            throw new StorageRefusal(
                    403,
                    "forbidden",
                    refused
                            + "subject to bucket's retention policy and cannot be deleted, overwritten or archived until "
                            + end);
        }
    }

    private void require(Permission permission, Map<String, String> query) {
        if (requesterPays && !query.containsKey("userProject")) {
            throw new StorageRefusal(
                    400, "required", "Bucket is a requester pays bucket but no user project provided.");
        }
        if (!granted.contains(permission)) {
            String resource = permission == Permission.GET_BUCKET ? "bucket" : "object";
            throw new StorageRefusal(
                    403,
                    "forbidden",
                    "somebody@example.com does not have " + permission.code + " access to the Google Cloud Storage "
                            + resource + ". Permission '" + permission.code
                            + "' denied on resource (or it may not exist).");
        }
    }
}
