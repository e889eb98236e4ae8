package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.TableInfo;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The state of a pinned table, kept in its description. BigQuery changes a description atomically, so a table is pinned or it is not.
 *
 * @param job the query job that made it
 * @param key the key column; null until the keys are known to be good
 * @param rows rows of each bucket; null until then
 * @param bytes bytes that the query read
 * @param partitions into which the buckets are divided; null where each bucket is a partition, as in tables of earlier versions
 */
record PinMark(
        String job,
        @Nullable String key,
        @Nullable List<Long> rows,
        long bytes,
        @Nullable Integer partitions) {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    static Optional<PinMark> of(TableInfo table) {
        try {
            return Optional.ofNullable(table.getDescription())
                    .map(text -> JSON.readValue(text, PinMark.class))
                    .filter(mark -> mark.job() != null);
        } catch (JacksonException e) {
            return Optional.empty(); // somebody else's words
        }
    }

    /** The buckets of each partition; none until the keys are known to be good. */
    List<PartitionBuckets> partitioned() {
        List<Long> all = rows;
        if (all == null) {
            return List.of();
        }
        int each = partitions == null ? 1 : all.size() / partitions;
        return IntStream.range(0, all.size() / each)
                .map(partition -> partition * each)
                .mapToObj(first -> new PartitionBuckets(first, all.subList(first, first + each)))
                .toList();
    }

    String text() {
        return JSON.writeValueAsString(this);
    }
}
