package io.modelbatch.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A bucket's objects. An object is visible only when it is whole. Content is written once; pointers, and what a person wants
 * overwritten, are {@linkplain #replace replaced}. Safe for several threads and processes at once.
 */
public interface ObjectStore {
    /**
     * Writes a file as a new object. Idempotent: when the object is already there with the same length and CRC32C, it is
     * adopted.
     *
     * @throws ObjectExistsException when the name is taken by other content
     * @throws IOException when the outcome is failure or unknown; the call may be repeated
     */
    StoredObject put(ObjectUri uri, Path file) throws IOException;

    /**
     * Replaces a small object as a whole, if it still is what the caller saw.
     *
     * @param expected the result of {@link #find}; empty when the object must not be there yet
     * @throws ObjectExistsException when it is another generation by now; nothing was written
     */
    StoredObject replace(ObjectUri uri, byte[] content, Optional<StoredObject> expected) throws IOException;

    /**
     * Replaces an object by a file as a whole, if it still is what the caller saw.
     *
     * @param expected the result of {@link #find}; empty when the object must not be there yet
     * @throws ObjectExistsException when it is another generation by now; nothing was written
     * @throws IOException when the outcome is failure or unknown
     */
    StoredObject replace(ObjectUri uri, Path file, Optional<StoredObject> expected) throws IOException;

    /** The object of exactly that name. */
    Optional<StoredObject> find(ObjectUri uri) throws IOException;

    /** All objects below a folder, by name. */
    List<StoredObject> list(ObjectUri folder) throws IOException;

    /** The lengths of all objects below a folder, by name. Reads none of them; {@link #list} may, for their checksums. */
    Map<ObjectUri, Long> sizes(ObjectUri folder) throws IOException;

    /**
     * Reads a small object.
     *
     * @throws java.nio.file.NoSuchFileException when there is none of that name
     */
    byte[] read(ObjectUri uri) throws IOException;

    /**
     * Reads the first bytes of an object, whatever its length.
     *
     * @param most of them; an object that is shorter gives fewer
     * @throws java.nio.file.NoSuchFileException when there is none of that name
     */
    byte[] beginning(ObjectUri uri, int most) throws IOException;

    /**
     * Copies an object into a new file and compares its checksum.
     *
     * @throws java.nio.file.NoSuchFileException when there is none of that name
     */
    void download(ObjectUri uri, Path file) throws IOException;

    /** Where a person finds an object: a path, or its address. */
    String location(ObjectUri uri);

    /** The file of this machine that an object is, or would be; a folder for one of a bucket. Empty where buckets are not folders here. */
    default Optional<Path> localPath(ObjectUri uri) {
        return Optional.empty();
    }

    /** The region of a bucket, as {@code europe-west3} or {@code EU}; empty where it has none, more than one, or none that can be told. */
    default Optional<String> region(ObjectUri uri) throws IOException {
        return Optional.empty();
    }

    /**
     * The reason why objects of a bucket cannot be replaced and removed, with the way out, as sentences; empty where there is none, or the
     * bucket may not be asked.
     */
    default Optional<String> keeping(ObjectUri uri) throws IOException {
        return Optional.empty();
    }

    /** Removes an object; one that is not there is no error. */
    void delete(ObjectUri uri) throws IOException;
}
