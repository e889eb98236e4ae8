package io.modelbatch.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Which rows a model never learns from: those whose key's SHA-256, read as a fraction of its range, is below the share. So a row
 * stays on its side whatever rows come or go.
 *
 * @param share part of the rows, above 0 and below 1
 */
public record Holdout(double share) {
    /** Whether the row with this key is held out. */
    public boolean holds(Object key) {
        long leading = ByteBuffer.wrap(sha256(key.toString())).getLong();
        return (leading >>> 1) / (double) Long.MAX_VALUE < share;
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
