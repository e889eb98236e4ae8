package io.modelbatch.facts;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The result of a transform, over all executions and partitions.
 *
 * @param rows rows of the result
 * @param inputRows rows that it was made of, those set aside among them
 * @param shards its objects
 * @param to its folder
 * @param rejected rows set aside; null for none
 * @param rejects the folder of the rows set aside; null for none
 */
public record Transformed(
        long rows,
        long inputRows,
        int shards,
        String to,
        @Nullable Long rejected,
        @Nullable String rejects) implements Facts {
    @Override
    public Map<String, Object> results() {
        return Map.of("uri", to, "rows", rows, "rejected", rejected == null ? 0L : rejected);
    }
}
