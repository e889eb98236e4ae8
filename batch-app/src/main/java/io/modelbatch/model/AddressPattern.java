package io.modelbatch.model;

import io.modelbatch.store.ObjectUri;

/** The patterns of addresses in options. */
public final class AddressPattern {
    /** A folder in a bucket; no part of it is empty, {@code .} or {@code ..}. */
    public static final String BUCKET_FOLDER = ObjectUri.PATTERN;

    /** A folder in a bucket, with {@code @latest} or a version's name behind it or not, or a folder of this machine. */
    public static final String MODEL = BUCKET_FOLDER + "|" + ObjectUri.LOCAL_PATTERN;

    /** The message for an address that {@link #MODEL} does not match. */
    public static final String MODEL_MESSAGE =
            "must be gs://bucket/folder, gs://bucket/folder@latest or a folder of this machine,"
                    + " with names that Cloud Storage allows";

    /** The message for an address that {@link #BUCKET_FOLDER} does not match. */
    public static final String BUCKET_FOLDER_MESSAGE =
            "must be gs://bucket/folder, with names that Cloud Storage allows";

    private AddressPattern() {}
}
