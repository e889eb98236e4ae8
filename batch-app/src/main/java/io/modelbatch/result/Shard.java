package io.modelbatch.result;

import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.util.Optional;

/**
 * One file of a result.
 *
 * @param name its name in the result's folder
 * @param rows rows in it
 * @param bytes its length
 * @param crc32c its CRC32C, eight hexadecimal digits
 */
public record Shard(String name, long rows, long bytes, String crc32c) {
    /**
     * Its object, as it is in the bucket.
     *
     * @param there the object in the store; empty when there is none
     * @throws DamagedObjectException when it is missing, or not as it was written
     */
    StoredObject verified(ObjectUri uri, Optional<StoredObject> there) throws DamagedObjectException {
        StoredObject object = there.orElseThrow(
                () -> new DamagedObjectException(uri + " is missing: " + rows + " committed rows are lost"));
        object.verify(bytes, crc32c);
        return object;
    }
}
