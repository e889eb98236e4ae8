package io.modelbatch.artifact;

/**
 * One file of a result.
 *
 * @param name its name in the result's folder
 * @param rows rows in it
 * @param bytes its length
 * @param crc32c its CRC32C, eight hexadecimal digits
 */
public record Shard(String name, long rows, long bytes, String crc32c) {}
