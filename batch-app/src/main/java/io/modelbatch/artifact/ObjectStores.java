package io.modelbatch.artifact;

import java.nio.file.Path;

/** The stores there are. */
public final class ObjectStores {
    private ObjectStores() {}

    /** A folder that stands for buckets: {@code gs://b/x} is the file {@code root/b/x}. */
    public static ObjectStore folder(Path root) {
        return new FolderStore(root);
    }
}
