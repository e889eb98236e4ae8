package io.modelbatch.store;

/**
 * The metadata of an object in a store.
 *
 * @param uri its name
 * @param bytes its length
 * @param crc32c its CRC32C, eight hexadecimal digits
 * @param generation changes whenever the object's content is replaced
 */
public record StoredObject(ObjectUri uri, long bytes, String crc32c, long generation) {
    /**
     * Compares it with what was written.
     *
     * @throws DamagedObjectException when its length or its checksum is another one
     */
    public void verify(long writtenBytes, String writtenCrc32c) throws DamagedObjectException {
        if (bytes != writtenBytes || !crc32c.equals(writtenCrc32c)) {
            throw DamagedObjectException.changed(this, writtenBytes, writtenCrc32c);
        }
    }
}
