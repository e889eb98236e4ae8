package io.modelbatch.training;

import com.google.common.hash.Hashing;
import com.google.common.primitives.Longs;
import java.nio.charset.StandardCharsets;

/**
 * Which rows a model never learns from: those whose key's SHA-256, read as a fraction of its range, is below the share. So a row
 * stays on its side whatever rows come or go.
 *
 * @param share part of the rows, above 0 and below 1
 */
public record Holdout(double share) {
    /** True if the row with this key is held out. */
    public boolean holds(Object key) {
        long leading = Longs.fromByteArray(Hashing.sha256()
                .hashString(key.toString(), StandardCharsets.UTF_8)
                .asBytes());
        return (leading >>> 1) / (double) Long.MAX_VALUE < share;
    }
}
