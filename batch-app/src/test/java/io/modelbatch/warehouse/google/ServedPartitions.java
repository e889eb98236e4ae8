package io.modelbatch.warehouse.google;

import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Limits of partitioned tables, as <a href="https://cloud.google.com/bigquery/quotas#partitioned_tables">quotas and limits</a> tell
 * them: 4,000 partitions changed by one job, 10,000 partitions of a table, 10,000 possible ranges. The words of the first are in
 * <a href="https://github.com/fivetran/dbt_zendesk/issues/39">fivetran/dbt_zendesk#39</a>; those of the others are not known.
 */
final class ServedPartitions {
    private static final long MOST_OF_A_JOB = 4_000;
    private static final long MOST_OF_A_TABLE = 10_000;
    private static final long MOST_RANGES = 10_000;

    private ServedPartitions() {}

    /** Refuses ranges that no table can have. */
    static void refuseRanges(Map<String, JsonNode> settings) {
        if (!settings.containsKey("rangePartitioning")) {
            return;
        }
        JsonNode range = settings.get("rangePartitioning").path("range");
        long start = range.path("start").asLong();
        long end = range.path("end").asLong();
        long interval = range.path("interval").asLong();
        if (interval <= 0 || end <= start) {
            throw RefusedException.invalid(
                    "Invalid range partitioning: the interval must be positive and the end behind the start");
        }
        if ((end - start + interval - 1) / interval > MOST_RANGES) {
            throw RefusedException.invalid("Range partitioning has more than " + MOST_RANGES + " possible partitions");
        }
    }

    /** The partition of a row, as an expression of DuckDB's; nothing for tables without any. */
    static Optional<String> of(Map<String, JsonNode> settings) {
        JsonNode range = settings.get("rangePartitioning");
        if (range != null) {
            String column = ServedRows.name(range.path("field").asString());
            JsonNode bounds = range.path("range");
            return Optional.of(
                    "CASE WHEN " + column + " BETWEEN " + bounds.path("start").asLong() + " AND "
                            + (bounds.path("end").asLong() - 1) + " THEN (" + column + " - "
                            + bounds.path("start").asLong() + ") // "
                            + bounds.path("interval").asLong()
                            + " WHEN " + column + " IS NULL THEN -2 ELSE -1 END");
        }
        JsonNode time = settings.get("timePartitioning");
        return Optional.ofNullable(time)
                .map(named -> named.path("field").asString(ServedTables.INGESTED))
                .map(column -> "coalesce(date_trunc('" + time.path("type").asString("DAY") + "', "
                        + ServedRows.name(column) + "), TIMESTAMP '1-1-1')");
    }

    static void refuseJob(long partitions) {
        if (partitions > MOST_OF_A_JOB) {
            throw RefusedException.invalid("Too many partitions produced by query, allowed " + MOST_OF_A_JOB
                    + ", query produces at least " + partitions + " partitions");
        }
    }

    static void refuseTable(ServedName table, long partitions) {
        if (partitions > MOST_OF_A_TABLE) {
            throw new RefusedException(
                    403,
                    "quotaExceeded",
                    "Quota exceeded: table " + table + " has more than " + MOST_OF_A_TABLE + " partitions");
        }
    }
}
