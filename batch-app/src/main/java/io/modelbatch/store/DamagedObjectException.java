package io.modelbatch.store;

import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import java.io.IOException;
import java.util.Optional;

/** An object is not as it was written: it is missing, or its length or checksum is another one. Reading it again does not help. */
public final class DamagedObjectException extends IOException implements Explained {
    /** With the object, the damage and the way out. */
    public DamagedObjectException(String message) {
        super(message);
    }

    static DamagedObjectException missing(ObjectUri uri) {
        return new DamagedObjectException(uri + " is missing");
    }

    static DamagedObjectException changed(StoredObject there, long bytes, String crc32c) {
        return new DamagedObjectException(
                "%s is damaged: it has %,d bytes and the CRC32C %s; it was written with %,d bytes and %s"
                        .formatted(there.uri(), there.bytes(), there.crc32c(), bytes, crc32c));
    }

    @Override
    public Optional<Remedy> remedy() {
        return Optional.of(Remedy.CHANGE);
    }
}
