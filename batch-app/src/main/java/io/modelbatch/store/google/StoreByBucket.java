package io.modelbatch.store.google;

import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Some buckets are mounted, the others are reached by the API. */
public final class StoreByBucket implements ObjectStore {
    private final Map<String, ObjectStore> mounted;
    private final ObjectStore others;

    /**
     * With the stores.
     *
     * @param mounted by the name of the bucket
     */
    public StoreByBucket(Map<String, ObjectStore> mounted, ObjectStore others) {
        this.mounted = Map.copyOf(mounted);
        this.others = others;
    }

    private ObjectStore of(ObjectUri uri) {
        return mounted.getOrDefault(uri.bucket(), others);
    }

    @Override
    public StoredObject put(ObjectUri uri, Path file) throws IOException {
        return of(uri).put(uri, file);
    }

    @Override
    public StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException {
        return of(uri).replace(uri, content, expected);
    }

    @Override
    public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
        return of(uri).replace(uri, file, expected);
    }

    @Override
    public Optional<StoredObject> find(ObjectUri uri) throws IOException {
        return of(uri).find(uri);
    }

    @Override
    public List<StoredObject> list(ObjectUri folder) throws IOException {
        return of(folder).list(folder);
    }

    @Override
    public Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException {
        return of(folder).sizes(folder);
    }

    @Override
    public byte[] beginning(ObjectUri uri, int most) throws IOException {
        return of(uri).beginning(uri, most);
    }

    @Override
    public byte[] read(ObjectUri uri) throws IOException {
        return of(uri).read(uri);
    }

    @Override
    public void download(ObjectUri uri, Path file) throws IOException {
        of(uri).download(uri, file);
    }

    @Override
    public Optional<String> region(ObjectUri uri) throws IOException {
        return of(uri).region(uri);
    }

    @Override
    public Optional<String> keeping(ObjectUri uri) throws IOException {
        return of(uri).keeping(uri);
    }

    @Override
    public Optional<Path> localPath(ObjectUri uri) {
        return of(uri).localPath(uri);
    }

    @Override
    public String location(ObjectUri uri) {
        return of(uri).location(uri);
    }

    @Override
    public void delete(ObjectUri uri) throws IOException {
        of(uri).delete(uri);
    }
}
