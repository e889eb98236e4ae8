package io.modelbatch.model;

import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/** Buckets in memory, counting downloads. */
final class MemoryStore implements ObjectStore {
    final AtomicInteger downloads = new AtomicInteger();
    private final AtomicLong generations = new AtomicLong();
    private final Map<ObjectUri, Content> objects = new ConcurrentHashMap<>();

    private record Content(byte[] bytes, StoredObject object) {}

    @Override
    public synchronized StoredObject put(ObjectUri uri, Path file) throws IOException {
        Content content = content(uri, Files.readAllBytes(file));
        Content there = objects.putIfAbsent(uri, content);
        if (there == null) {
            return content.object();
        }
        if (!there.object().crc32c().equals(content.object().crc32c())) {
            throw new ObjectExistsException(uri, "is there with other content");
        }
        return there.object();
    }

    @Override
    public synchronized StoredObject replace(ObjectUri uri, byte[] bytes, Optional<StoredObject> expected)
            throws IOException {
        if (!find(uri).equals(expected)) {
            throw new ObjectExistsException(uri, "was replaced meanwhile");
        }
        Content content = content(uri, bytes);
        objects.put(uri, content);
        return content.object();
    }

    @Override
    public StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException {
        return replace(uri, Files.readAllBytes(file), expected);
    }

    private Content content(ObjectUri uri, byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        String digits = String.format("%08x", crc.getValue());
        return new Content(bytes, new StoredObject(uri, bytes.length, digits, generations.incrementAndGet()));
    }

    @Override
    public Optional<StoredObject> find(ObjectUri uri) {
        return Optional.ofNullable(objects.get(uri)).map(Content::object);
    }

    @Override
    public List<StoredObject> list(ObjectUri folder) {
        return objects.values().stream()
                .map(Content::object)
                .filter(object -> object.uri().toString().startsWith(folder + "/"))
                .sorted(Comparator.comparing(object -> object.uri().name()))
                .toList();
    }

    @Override
    public Map<ObjectUri, Long> sizes(ObjectUri folder) {
        Map<ObjectUri, Long> sizes = new LinkedHashMap<>();
        list(folder).forEach(object -> sizes.put(object.uri(), object.bytes()));
        return sizes;
    }

    @Override
    public byte[] beginning(ObjectUri uri, int most) throws IOException {
        byte[] all = read(uri);
        return Arrays.copyOf(all, Math.min(most, all.length));
    }

    @Override
    public byte[] read(ObjectUri uri) throws IOException {
        Content content = objects.get(uri);
        if (content == null) {
            throw new NoSuchFileException(uri.toString());
        }
        return content.bytes();
    }

    @Override
    public void download(ObjectUri uri, Path file) throws IOException {
        downloads.incrementAndGet();
        Files.write(file, read(uri));
    }

    @Override
    public void delete(ObjectUri uri) {
        objects.remove(uri);
    }

    @Override
    public String location(ObjectUri uri) {
        return uri.toString();
    }
}
