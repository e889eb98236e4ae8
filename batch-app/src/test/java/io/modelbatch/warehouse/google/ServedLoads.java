package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.ServedTables.Change;
import io.modelbatch.warehouse.google.ServedTables.Write;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/** Load jobs: objects into a table, all of them or none. */
final class ServedLoads {
    private final ServedTables tables;
    private final ServedPermissions permissions;
    private final BigQueryServer.LoadedObjects objects;
    private final Path folder;

    ServedLoads(ServedTables tables, ServedPermissions permissions, BigQueryServer.LoadedObjects objects, Path folder) {
        this.tables = tables;
        this.permissions = permissions;
        this.objects = objects;
        this.folder = folder;
    }

    Map<String, Object> run(ServedJob job) throws IOException, SQLException, InterruptedException {
        Change change = change(job);
        tables.requireToWrite(change, permissions);
        tables.requireLocation(change.table().project(), change.table().dataset(), job.location());
        requireNear(job);
        Path work = Files.createTempDirectory(folder, "load");
        try {
            List<Path> files = fetch(job.task().path("sourceUris"), work);
            long bytes = 0;
            for (Path file : files) {
                bytes += Files.size(file);
            }
            long rows = tables.write(change, select(job.task(), change, files), job::running);
            return Map.of(
                    "load",
                    Map.of(
                            "inputFiles", String.valueOf(files.size()),
                            "inputFileBytes", String.valueOf(bytes),
                            "outputRows", String.valueOf(rows),
                            "outputBytes", String.valueOf(bytes),
                            "badRecords", "0"));
        } catch (SQLException e) {
            throw RefusedException.invalid("Error while reading data, error message: " + e.getMessage());
        } finally {
            delete(work);
        }
    }

    /**
     * The bucket is asked for with {@code storage.buckets.get}, which the page of each format lists among the permissions, and has to
     * be near the dataset: "Cannot read and write in different locations" (airbyte#17013). A dataset of the EU loads from its regions
     * too, and one of the US from everywhere (<a href="https://cloud.google.com/bigquery/docs/locations">BigQuery locations</a>, "Colocate
     * your Cloud Storage buckets for loading data").
     */
    private void requireNear(ServedJob job) throws IOException {
        for (JsonNode uri : job.task().path("sourceUris")) {
            try {
                String location = objects.location(URI.create(uri.asString()).getAuthority());
                boolean isWithin = job.location().equalsIgnoreCase("EU")
                        && location.toUpperCase(Locale.ROOT).startsWith("EUROPE-");
                if (!location.equalsIgnoreCase(job.location())
                        && !isWithin
                        && !job.location().equalsIgnoreCase("US")) {
                    throw RefusedException.invalid("Cannot read and write in different locations: source: " + location
                            + ", destination: " + job.location());
                }
            } catch (AccessDeniedException e) {
                throw RefusedException.denied("BigQuery BigQuery: " + e.getReason());
            }
        }
    }

    private Change change(ServedJob job) {
        JsonNode load = job.task();
        ServedName table = ServedName.of(load.path("destinationTable"));
        Map<String, JsonNode> settings = new HashMap<>(ServedQueries.settings(load));
        if (load.has("schema")) {
            settings.put("schema", load.path("schema"));
        }
        if (!table.partition().isEmpty()) {
            settings.putIfAbsent(
                    "timePartitioning", JsonNodeFactory.instance.objectNode().put("type", "DAY"));
        }
        String write = load.path("writeDisposition").asString("WRITE_APPEND");
        boolean create = !load.path("createDisposition").asString("").equals("CREATE_NEVER");
        return new Change(table, job.location(), Write.valueOf(write.replace("WRITE_", "")), create, settings);
    }

    private List<Path> fetch(JsonNode uris, Path work) throws IOException {
        List<Path> files = new ArrayList<>();
        for (JsonNode uri : uris) {
            try {
                byte[] bytes = objects.bytes(URI.create(uri.asString()));
                files.add(Files.write(work.resolve("source-" + files.size()), bytes));
            } catch (FileNotFoundException | NoSuchFileException e) {
                throw RefusedException.notFound("Uris " + uri.asString());
            }
        }
        return files;
    }

    private static void delete(Path work) throws IOException {
        try (Stream<Path> files = Files.list(work)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(work);
    }

    private String select(JsonNode load, Change change, List<Path> files) throws SQLException {
        Optional<ServedTable> there = tables.lookUp(change.table());
        there.ifPresent(table -> ServedFit.refuseOtherPartitions(table, load));
        Optional<List<ServedColumn>> existing =
                there.filter(table -> change.keepsSchema()).map(tables::columns).filter(columns -> !columns.isEmpty());
        List<ServedColumn> given = ServedColumn.schema(load.path("schema"));
        List<ServedColumn> expected = given.isEmpty() ? existing.orElse(List.of()) : given;
        String source = source(load, files, expected);
        Map<String, String> types = tables.describe("SELECT * FROM " + source);
        List<ServedColumn> found = found(load, files, types);
        boolean describesItself = load.path("sourceFormat").asString("").equals("PARQUET");
        List<ServedColumn> columns = expected.isEmpty() || (given.isEmpty() && describesItself) ? found : expected;
        ServedFit.refuseFile(change.table(), columns, found);
        existing.ifPresent(kept -> ServedFit.refuseColumns(change.table(), kept, columns));
        Map<String, JsonNode> settings = there.map(ServedTable::settings).orElse(change.settings());
        tables.refuseOtherDays(change.table().partition(), settings, source);
        return "SELECT " + ServedFit.values(existing.orElse(columns), types) + ingested(change, settings) + " FROM "
                + source;
    }

    /** The columns of the files; the key of a map is required, also where its pairs become a list. */
    private List<ServedColumn> found(JsonNode load, List<Path> files, Map<String, String> types) throws SQLException {
        Set<String> maps = load.path("sourceFormat").asString("").equals("PARQUET")
                ? tables.describe("SELECT * FROM " + parquet(files)).entrySet().stream()
                        .filter(column -> column.getValue().startsWith("MAP("))
                        .map(Map.Entry::getKey)
                        .collect(Collectors.toSet())
                : Set.of();
        return types.entrySet().stream()
                .map(column -> ServedColumn.of(column.getKey(), column.getValue()))
                .map(column -> maps.contains(column.name()) && column.repeated() ? column.withRequiredKey() : column)
                .toList();
    }

    private static String parquet(List<Path> files) {
        return "read_parquet(" + list(files) + ", union_by_name = true)";
    }

    private static String list(List<Path> files) {
        return files.stream()
                .map(file -> ServedRows.literal(file.toString()))
                .collect(Collectors.joining(", ", "[", "]"));
    }

    /** The column that remembers the day of ingestion, where a table is partitioned by it. */
    static String ingested(Change change, Map<String, JsonNode> settings) {
        String day = change.table().partition();
        if (ServedTables.ingests(settings)) {
            String date = day.isEmpty() ? "current_date" : ServedTables.day(day);
            return ", CAST(" + date + " AS TIMESTAMPTZ) AS " + ServedRows.name(ServedTables.INGESTED);
        }
        return "";
    }

    private String source(JsonNode load, List<Path> files, List<ServedColumn> expected) throws SQLException {
        String format = load.path("sourceFormat").asString("CSV");
        return switch (format) {
            case "PARQUET" -> parquet(load, parquet(files));
            case "NEWLINE_DELIMITED_JSON" -> json(load, list(files), expected);
            default -> throw RefusedException.invalid("This server loads no " + format);
        };
    }

    /** Without list inference a list comes as Parquet stores it. */
    private String parquet(JsonNode load, String files) throws SQLException {
        String source = files;
        if (load.path("parquetOptions").path("mapTargetType").asString("").equals("ARRAY_OF_STRUCT")) {
            String maps = tables.describe("SELECT * FROM " + files).entrySet().stream()
                    .filter(column -> column.getValue().startsWith("MAP("))
                    .map(column -> ServedRows.name(column.getKey()))
                    .map(column -> "map_entries(" + column + ") AS " + column)
                    .collect(Collectors.joining(", "));
            source = maps.isEmpty() ? files : "(SELECT * REPLACE (" + maps + ") FROM " + files + ")";
        }
        if (load.path("parquetOptions").path("enableListInference").asBoolean(false)) {
            return source;
        }
        String lists = tables.describe("SELECT * FROM " + source).entrySet().stream()
                .filter(column -> column.getValue().endsWith("]"))
                .map(column -> ServedRows.name(column.getKey()))
                .map(column -> "struct_pack(list := list_transform(" + column
                        + ", lambda e: struct_pack(element := e))) AS " + column)
                .collect(Collectors.joining(", "));
        return lists.isEmpty() ? source : "(SELECT * REPLACE (" + lists + ") FROM " + source + ")";
    }

    private String json(JsonNode load, String files, List<ServedColumn> expected) throws SQLException {
        String any = "read_json(" + files + ", format = 'newline_delimited', sample_size = -1)";
        if (expected.isEmpty()) {
            if (load.path("autodetect").asBoolean(false)) {
                return any;
            }
            throw RefusedException.invalid("No schema specified on job or table.");
        }
        if (!load.path("ignoreUnknownValues").asBoolean(false)) {
            refuseUnknown(tables.describe("SELECT * FROM " + any), expected);
        }
        String columns = expected.stream()
                .map(column -> ServedRows.name(column.name()) + ": '" + read(column) + "'")
                .collect(Collectors.joining(", ", "{", "}"));
        String typed = "read_json(" + files + ", format = 'newline_delimited', columns = " + columns + ")";
        String decoded = expected.stream()
                .filter(column -> !read(column).equals(column.duckdb()))
                .map(ServedLoads::decoded)
                .collect(Collectors.joining(", "));
        return decoded.isEmpty() ? typed : "(SELECT * REPLACE (" + decoded + ") FROM " + typed + ")";
    }

    private static String read(ServedColumn column) {
        if (column.repeated()) {
            return column.duckdb();
        }
        return switch (column.type()) {
            case "BYTES" -> "VARCHAR";
            case "INTEGER" -> "JSON";
            default -> column.duckdb();
        };
    }

    /**
     * Numbers of JSON are doubles: a whole number beyond 2^53 arrives only as a text, "to avoid data corruption"
     * (<a href="https://cloud.google.com/bigquery/docs/loading-data-cloud-storage-json">Loading JSON data</a>, limitations).
     */
    private static String decoded(ServedColumn column) {
        String name = ServedRows.name(column.name());
        return (column.type().equals("BYTES")
                        ? "from_base64(" + name + ")"
                        : "CASE json_type(" + name + ") WHEN 'VARCHAR' THEN CAST(" + name + " ->> '$' AS BIGINT)"
                                + " ELSE CAST(CAST(" + name + " AS DOUBLE) AS BIGINT) END")
                + " AS " + name;
    }

    private static void refuseUnknown(Map<String, String> found, List<ServedColumn> expected) {
        if (!found.keySet().equals(Set.of("json"))) { // no line at all
            found.forEach((name, type) -> refuseUnknown("", ServedColumn.of(name, type), expected));
        }
    }

    private static void refuseUnknown(String prefix, ServedColumn found, List<ServedColumn> expected) {
        ServedColumn known = ServedFit.byName(expected).get(found.name());
        if (known == null) {
            throw RefusedException.invalid(
                    "Error while reading data, error message: JSON parsing error: No such field: " + prefix
                            + found.name() + ".");
        }
        if (known.type().equals("RECORD")) {
            found.fields().forEach(field -> refuseUnknown(prefix + found.name() + ".", field, known.fields()));
        }
    }
}
