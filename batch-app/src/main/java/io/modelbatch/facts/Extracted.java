package io.modelbatch.facts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rows that an {@code extract} pinned.
 *
 * @param rows their number
 * @param partitions into how many parts they are divided
 * @param bytes bytes that the query read and may be billed for; null where nothing is billed
 */
public record Extracted(long rows, int partitions, @Nullable Long bytes) implements Facts {
    @Override
    public Map<String, Object> results() {
        return Map.of("rows", rows);
    }
}
