package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.ServedTables.Change;
import io.modelbatch.warehouse.google.ServedTables.Write;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Query jobs, and what a dry run says of them. */
final class ServedQueries {
    /** The dataset of results that no table was named for. */
    static final String ANONYMOUS = "_anonymous";

    private static final List<String> TABLE_SETTINGS = List.of("clustering", "rangePartitioning", "timePartitioning");

    /** "A minimum of 10 MB data processed per table referenced by the query" (BigQuery pricing, on-demand compute). */
    private static final long LEAST_BILLED = 10L << 20;

    private final ServedTables tables;
    private final ServedPermissions permissions;

    /** A query that can run. */
    private record Prepared(ServedSql sql, List<ServedTable> tables, Map<String, String> types, long bytes) {
        List<ServedColumn> columns() {
            return types.entrySet().stream()
                    .map(column -> ServedColumn.of(column.getKey(), column.getValue()))
                    .toList();
        }
    }

    ServedQueries(ServedTables tables, ServedPermissions permissions) {
        this.tables = tables;
        this.permissions = permissions;
    }

    /**
     * Where the data is that a job without a location is about, if it is about data of ours
     * (<a href="https://cloud.google.com/bigquery/docs/locations">BigQuery locations</a>, "Specify locations").
     */
    Optional<String> locationOf(JsonNode configuration) {
        JsonNode task = configuration.has("load") ? configuration.path("load") : configuration.path("query");
        String destination = task.path("destinationTable").path("datasetId").asString("");
        String standard = task.path("defaultDataset").path("datasetId").asString("");
        Optional<String> location = tables.knownLocation(destination).or(() -> tables.knownLocation(standard));
        return location.isPresent() || configuration.has("load")
                ? location
                : translate(task).tables().stream()
                        .flatMap(path -> tables.knownLocation(path.get(path.size() - 2)).stream())
                        .findFirst();
    }

    Map<String, Object> dryRun(String project, String location, JsonNode configuration) {
        Prepared prepared = prepare(project, location, configuration.path("query"));
        Map<String, Object> statistics = statistics(project, prepared);
        Map<String, Object> query = new LinkedHashMap<>(queryStatistics(project, prepared));
        query.put("schema", ServedColumn.schema(prepared.columns()));
        statistics.put("query", query);
        return Map.of(
                "kind",
                "bigquery#job",
                "configuration",
                configuration,
                "jobReference",
                Map.of("projectId", project, "location", location),
                "status",
                Map.of("state", "DONE"),
                "statistics",
                statistics);
    }

    /** Writes the result. */
    Map<String, Object> run(ServedJob job) throws SQLException, InterruptedException {
        if (new ServedRemovals(tables, permissions).remove(job)
                || new ServedMerge(tables, permissions).merge(job)
                || new ServedPolicies(tables).create(job)) {
            return new LinkedHashMap<>(Map.of("totalBytesProcessed", "0"));
        }
        Prepared prepared = prepare(job.project(), job.location(), job.task());
        Change change = change(job);
        tables.requireToWrite(change, permissions);
        try {
            tables.write(change, select(job.task(), prepared, change), job::running);
        } catch (SQLException e) {
            throw prepared.sql().refused(e);
        }
        return statistics(job.project(), prepared);
    }

    private String select(JsonNode task, Prepared prepared, Change change) throws SQLException {
        Optional<ServedTable> there = tables.lookUp(change.table());
        there.ifPresent(table -> ServedFit.refuseOtherPartitions(table, task));
        Map<String, JsonNode> settings = there.map(ServedTable::settings).orElse(change.settings());
        String result = "(" + tables.storable(prepared.sql().duckdb()) + ")";
        tables.refuseOtherDays(change.table().partition(), settings, result);
        Optional<List<ServedColumn>> existing =
                there.filter(table -> change.keepsSchema()).map(tables::columns).filter(columns -> !columns.isEmpty());
        existing.ifPresent(columns -> ServedFit.refuseResult(columns, prepared.columns()));
        String values = existing.map(columns -> ServedFit.values(columns, prepared.types()))
                .orElse("*");
        return "SELECT " + values + ServedLoads.ingested(change, settings) + " FROM " + result + order(task, change);
    }

    /**
     * "If an ORDER BY clause is not present, the order of the results of a query is not defined"
     * (<a href="https://cloud.google.com/bigquery/docs/reference/standard-sql/query-syntax">query syntax</a>), so here it is another one
     * each time.
     */
    private static String order(JsonNode task, Change change) {
        boolean isRead = change.table().dataset().equals(ANONYMOUS);
        boolean isSorted = task.path("query").asString().contains("ORDER BY");
        return isRead && !isSorted ? " ORDER BY random()" : "";
    }

    private Change change(ServedJob job) throws SQLException {
        ServedName table = ServedName.of(job.task().path("destinationTable"));
        String location = job.location();
        if (table.dataset().equals(ANONYMOUS)) {
            tables.dataset(ANONYMOUS, location);
        }
        String write = job.task().path("writeDisposition").asString("WRITE_EMPTY");
        boolean create = !job.task().path("createDisposition").asString("").equals("CREATE_NEVER");
        return new Change(table, location, Write.valueOf(write.replace("WRITE_", "")), create, settings(job.task()));
    }

    static Map<String, JsonNode> settings(JsonNode task) {
        return TABLE_SETTINGS.stream().filter(task::has).collect(Collectors.toMap(name -> name, task::path));
    }

    private Prepared prepare(String project, String location, JsonNode query) {
        ServedSql sql = translate(query);
        List<ServedTable> read = sql.tables().stream()
                .map(path -> name(project, path))
                .map(name -> readable(name, location))
                .toList();
        long bytes = read.stream()
                .distinct()
                .mapToLong(table -> tables.size(table).bytes())
                .sum();
        try {
            Map<String, String> types = tables.describe(sql.duckdb());
            refuseCosts(query, billed(read, bytes));
            return new Prepared(sql, read, types, bytes);
        } catch (SQLException e) {
            throw sql.refused(e);
        }
    }

    private static ServedSql translate(JsonNode query) {
        if (query.path("useLegacySql").asBoolean(true)) {
            throw RefusedException.invalidQuery("This server has no legacy SQL");
        }
        return ServedSql.translate(
                query.path("query").asString(),
                ServedParameters.literals(query.path("queryParameters")),
                Optional.ofNullable(
                        query.path("defaultDataset").path("datasetId").asString(null)));
    }

    private ServedTable readable(ServedName name, String location) {
        // who may not see a dataset is not told whether it is there: 403, never 404 (troubleshoot-queries, "Access
        // Denied")
        permissions.requireToQuery(name, location);
        return tables.find(name, location);
    }

    private static ServedName name(String project, List<String> path) {
        int last = path.size() - 1;
        return new ServedName(last > 1 ? path.get(0) : project, path.get(last - 1), path.get(last));
    }

    private static long billed(List<ServedTable> read, long bytes) {
        return Math.max(bytes, read.stream().distinct().count() * LEAST_BILLED);
    }

    private static void refuseCosts(JsonNode query, long bytes) {
        String most = query.path("maximumBytesBilled").asString("");
        if (!most.isEmpty() && Long.parseLong(most) < bytes) {
            throw new RefusedException(
                    400,
                    "bytesBilledLimitExceeded",
                    "Query exceeded limit for bytes billed: " + most + ". " + bytes + " or higher required.");
        }
    }

    private static Map<String, Object> statistics(String project, Prepared prepared) {
        Map<String, Object> statistics = new LinkedHashMap<>();
        statistics.put("totalBytesProcessed", String.valueOf(prepared.bytes()));
        statistics.put("query", queryStatistics(project, prepared));
        return statistics;
    }

    private static Map<String, Object> queryStatistics(String project, Prepared prepared) {
        List<Map<String, String>> read = prepared.tables().stream()
                .map(table -> Map.of(
                        "projectId", project,
                        "datasetId", table.name().dataset(),
                        "tableId", table.name().table()))
                .toList();
        return Map.of(
                "statementType",
                "SELECT",
                "cacheHit",
                false,
                "totalBytesProcessed",
                String.valueOf(prepared.bytes()),
                "totalBytesBilled",
                String.valueOf(billed(prepared.tables(), prepared.bytes())),
                "referencedTables",
                read);
    }
}
