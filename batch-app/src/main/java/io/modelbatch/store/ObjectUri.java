package io.modelbatch.store;

/**
 * The name of an object, or of a folder of objects, in a bucket.
 *
 * @param bucket the bucket, without {@code gs://}
 * @param name the name inside the bucket, without a slash at either end; empty for the bucket itself
 */
public record ObjectUri(String bucket, String name) {
    /** An object or a folder as options write it; no part of it is empty, {@code .} or {@code ..}. */
    public static final String PATTERN = "gs://[a-z0-9][a-z0-9._-]{1,220}(/(?!\\.{1,2}(/|$))[^/\\x00-\\x1f]+)+/?";

    /** The message for a text that {@link #PATTERN} does not match. */
    public static final String MESSAGE = "must be gs://bucket/name, with names that Cloud Storage allows";

    /** A file or a folder of this machine as options write it. */
    public static final String LOCAL_PATTERN = "(?!gs:)(?!.*://).*\\S.*";

    /** The message for a text that {@link #LOCAL_PATTERN} does not match. */
    public static final String LOCAL_MESSAGE = "must be a file or a folder of this machine";

    private static final String SCHEME = "gs://";

    /** Refuses names that would leave the bucket. */
    public ObjectUri {
        if (!bucket.matches("[a-z0-9][a-z0-9._-]{1,220}")) {
            throw new IllegalArgumentException("'" + bucket + "' is not a bucket's name");
        }
        for (String part : name.split("/", -1)) {
            if (!name.isEmpty() && (part.isEmpty() || part.equals(".") || part.equals(".."))) {
                throw new IllegalArgumentException("'" + name + "' has an empty, '.' or '..' part");
            }
        }
    }

    /**
     * Reads {@code gs://bucket/name}; a slash at the end is dropped.
     *
     * @throws IllegalArgumentException when the text is not such an address
     */
    public static ObjectUri parse(String text) {
        if (!text.startsWith(SCHEME)) {
            throw new IllegalArgumentException("'" + text + "' does not start with gs://");
        }
        String path = text.substring(SCHEME.length());
        String trimmed = path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
        int slash = trimmed.indexOf('/');
        return slash < 0
                ? new ObjectUri(trimmed, "")
                : new ObjectUri(trimmed.substring(0, slash), trimmed.substring(slash + 1));
    }

    /** The object of that name below this folder. */
    public ObjectUri child(String relative) {
        return new ObjectUri(bucket, name.isEmpty() ? relative : name + "/" + relative);
    }

    /**
     * The rest of its name, after a folder's.
     *
     * @param above a folder that it is below
     */
    public String relativeTo(ObjectUri above) {
        return name.substring(above.name.isEmpty() ? 0 : above.name.length() + 1);
    }

    /** The folder that it is in; of a bucket itself, the bucket. */
    public ObjectUri folder() {
        return new ObjectUri(bucket, name.substring(0, Math.max(0, name.lastIndexOf('/'))));
    }

    /** The last part of the name. */
    public String fileName() {
        return name.substring(name.lastIndexOf('/') + 1);
    }

    @Override
    public String toString() {
        return SCHEME + bucket + (name.isEmpty() ? "" : "/" + name);
    }
}
