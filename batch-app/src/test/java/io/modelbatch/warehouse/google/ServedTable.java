package io.modelbatch.warehouse.google;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * A table without its rows. The rows of each state that it was in stay for a while under another name, as time
 * travel needs them.
 *
 * @param settings what requests set: {@code timePartitioning}, {@code expirationTime}, {@code labels}, …
 * @param states since when rows were under which name of DuckDB's; the last ones are the current ones
 */
record ServedTable(
        ServedName name,
        String location,
        Instant created,
        Map<String, JsonNode> settings,
        TreeMap<Instant, String> states) {
    Instant modified() {
        return states.lastKey();
    }

    String etag() {
        return Integer.toHexString(name.hashCode()) + "-" + modified().toEpochMilli() + "-" + settings.hashCode();
    }

    /** Where the rows are that it had then; nothing, if it was not there yet or they are forgotten. */
    Optional<String> rowsAt(Instant when) {
        return Optional.ofNullable(states.floorEntry(when)).map(Map.Entry::getValue);
    }

    /** As requests declared it: with modes, descriptions and policy tags, which DuckDB knows nothing of. */
    JsonNode schema() {
        return settings.getOrDefault("schema", MissingNode.getInstance());
    }

    String rows() {
        return states.lastEntry().getValue();
    }

    boolean expired() {
        JsonNode expiration = settings.get("expirationTime");
        return expiration != null && expiration.asLong() < System.currentTimeMillis();
    }

    /** The column that rows are partitioned by, if they are. */
    Optional<String> partitionColumn() {
        return Optional.ofNullable(settings.get("timePartitioning"))
                .map(partitioning -> partitioning.path("field").asString(ServedTables.INGESTED));
    }
}
