package io.modelbatch.store;

import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The objects of a folder as they were written, kept to be compared with what is there later.
 *
 * @param objects by their name in the folder
 */
public record WrittenFolder(SortedMap<String, Content> objects) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The length of an object and its CRC32C, eight hexadecimal digits. */
    public record Content(long bytes, String crc32c) {}

    /** These objects below a folder. */
    public static WrittenFolder of(ObjectUri folder, Collection<StoredObject> objects) {
        SortedMap<String, Content> contents = new TreeMap<>();
        objects.forEach(
                object -> contents.put(object.uri().relativeTo(folder), new Content(object.bytes(), object.crc32c())));
        return new WrittenFolder(contents);
    }

    /**
     * Refuses a folder in which an object is missing or was changed. What else is there does not matter.
     *
     * @throws DamagedObjectException names the first such object
     */
    public void verify(ObjectUri folder, Collection<StoredObject> there) throws DamagedObjectException {
        Map<ObjectUri, StoredObject> byName =
                there.stream().collect(Collectors.toMap(StoredObject::uri, Function.identity()));
        for (Map.Entry<String, Content> written : objects.entrySet()) {
            ObjectUri uri = folder.child(written.getKey());
            StoredObject object = byName.get(uri);
            Content content = written.getValue();
            if (object == null) {
                throw DamagedObjectException.missing(uri);
            }
            object.verify(content.bytes(), content.crc32c());
        }
    }

    /** To be kept. */
    public String json() {
        return JSON.writeValueAsString(this);
    }

    /**
     * Reads {@link #json}.
     *
     * @throws IllegalArgumentException when it is something else
     */
    public static WrittenFolder parse(String json) {
        try {
            WrittenFolder folder = JSON.readValue(json, WrittenFolder.class);
            Objects.requireNonNull(folder.objects());
            return folder;
        } catch (JacksonException | NullPointerException e) {
            throw new IllegalArgumentException("these are not the checksums of a folder", e);
        }
    }
}
