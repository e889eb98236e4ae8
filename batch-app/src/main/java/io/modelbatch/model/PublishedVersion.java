package io.modelbatch.model;

import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.WrittenFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A version of a published model: its files in a folder of its own, as {@code save_pretrained} leaves them. What was measured and the
 * checksums of all this lie beside the versions. A version that was not published but copied there by hand has no checksums.
 */
record PublishedVersion(ObjectStore store, ObjectUri folder, String version) {
    private static final String WAY_OUT = ". Publish the model again, or choose another version";

    ObjectUri files() {
        return folder.child(version);
    }

    ObjectUri metrics() {
        return folder.child("metrics/" + version + ".json");
    }

    private ObjectUri checksums() {
        return folder.child("checksums/" + version + ".json");
    }

    /** Keeps the checksums of the files and of what was measured. */
    void seal(Collection<StoredObject> files) throws IOException {
        List<StoredObject> all = new ArrayList<>(files);
        store.find(metrics()).ifPresent(all::add);
        byte[] content = WrittenFolder.of(folder, all).json().getBytes(StandardCharsets.UTF_8);
        store.replace(checksums(), content, store.find(checksums()));
    }

    /**
     * Refuses a version that is not as it was published.
     *
     * @param there its files, by name
     */
    void verify(Map<String, StoredObject> there) throws IOException {
        Optional<WrittenFolder> written = written();
        if (written.isEmpty()) {
            return;
        }
        List<StoredObject> all = new ArrayList<>(there.values());
        store.find(metrics()).ifPresent(all::add);
        try {
            written.get().verify(folder, all);
        } catch (DamagedObjectException e) {
            throw new ModelException(e.getMessage() + WAY_OUT, e);
        }
        there.forEach((name, object) -> {
            if (ModelFiles.belongs(name)
                    && !written.get().objects().containsKey(object.uri().relativeTo(folder))) {
                throw new ModelException(object.uri() + " was not published with the model; remove it" + WAY_OUT);
            }
        });
    }

    private Optional<WrittenFolder> written() throws IOException {
        if (store.find(checksums()).isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(WrittenFolder.parse(new String(store.read(checksums()), StandardCharsets.UTF_8)));
        } catch (IllegalArgumentException e) {
            throw new ModelException(checksums() + " is damaged: " + e.getMessage() + WAY_OUT, e);
        }
    }
}
