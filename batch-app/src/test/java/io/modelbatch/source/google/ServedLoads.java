package io.modelbatch.source.google;

import io.modelbatch.source.google.BigQueryServer.Permission;
import io.modelbatch.source.google.ServedTables.Change;
import io.modelbatch.source.google.ServedTables.Write;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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
        permissions.requireForTable(Permission.WRITE_TABLES, change.table());
        tables.requireLocation(change.table().project(), change.table().dataset(), job.location());
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

    private Change change(ServedJob job) {
        JsonNode load = job.task();
        ServedName table = ServedName.of(load.path("destinationTable"));
        if (tables.lookUp(table).isEmpty()) {
            permissions.requireForDataset(Permission.CREATE_TABLES, table.project(), table.dataset());
        }
        Map<String, JsonNode> settings = new HashMap<>(ServedQueries.settings(load));
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
        boolean anew =
                change.write() == Write.TRUNCATE && change.table().partition().isEmpty();
        Optional<List<ServedColumn>> existing =
                there.filter(table -> !anew).map(tables::columns).filter(columns -> !columns.isEmpty());
        List<ServedColumn> given = ServedColumn.schema(load.path("schema"));
        List<ServedColumn> expected = given.isEmpty() ? existing.orElse(List.of()) : given;
        String source = source(load, files, expected);
        Map<String, String> types = tables.describe("SELECT * FROM " + source);
        List<ServedColumn> found = types.entrySet().stream()
                .map(column -> ServedColumn.of(column.getKey(), column.getValue()))
                .toList();
        List<ServedColumn> columns = expected.isEmpty() ? found : expected;
        refuseDifferences(change.table(), columns, found);
        existing.ifPresent(kept -> refuseDifferences(change.table(), kept, columns));
        List<ServedColumn> stored = existing.orElse(columns);
        String values = stored.stream()
                .map(column -> types.containsKey(column.name())
                        ? column.stored(types.get(column.name()))
                        : "CAST(" + (column.repeated() ? "[]" : "NULL") + " AS " + column.duckdb() + ") AS "
                                + ServedRows.name(column.name()))
                .collect(Collectors.joining(", "));
        Map<String, JsonNode> settings = there.map(ServedTable::settings).orElse(change.settings());
        refuseOtherDays(change.table().partition(), settings, source);
        return "SELECT " + values + ingested(change, settings) + " FROM " + source;
    }

    private void refuseOtherDays(String partition, Map<String, JsonNode> settings, String source) throws SQLException {
        if (partition.isEmpty() || ServedTables.ingests(settings)) {
            return;
        }
        String column = settings.get("timePartitioning").path("field").asString();
        String others = source + " WHERE CAST(" + ServedRows.name(column) + " AS DATE) IS DISTINCT FROM "
                + ServedTables.day(partition);
        if (tables.count(others) > 0) {
            throw RefusedException.invalid(
                    "Some rows belong to different partitions rather than destination partition " + partition);
        }
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
        String list = files.stream()
                .map(file -> ServedRows.literal(file.toString()))
                .collect(Collectors.joining(", ", "[", "]"));
        String format = load.path("sourceFormat").asString("CSV");
        return switch (format) {
            case "PARQUET" -> parquet(load, "read_parquet(" + list + ", union_by_name = true)");
            case "NEWLINE_DELIMITED_JSON" -> json(load, list, expected);
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

    /** Numbers of JSON are doubles: a whole number beyond 2^53 arrives only as a text, as the service's documentation says. */
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
        ServedColumn known = byName(expected).get(found.name());
        if (known == null) {
            throw RefusedException.invalid(
                    "Error while reading data, error message: JSON parsing error: No such field: " + prefix
                            + found.name() + ".");
        }
        if (known.type().equals("RECORD")) {
            found.fields().forEach(field -> refuseUnknown(prefix + found.name() + ".", field, known.fields()));
        }
    }

    private static void refuseDifferences(ServedName table, List<ServedColumn> expected, List<ServedColumn> found) {
        String wrong = "Provided Schema does not match Table " + table.withoutPartition() + ". ";
        found.forEach(column -> refuseDifference(wrong, "", expected, column));
    }

    private static void refuseDifference(
            String wrong, String prefix, List<ServedColumn> expected, ServedColumn column) {
        String name = prefix + column.name();
        ServedColumn known = byName(expected).get(column.name());
        if (known == null) {
            throw RefusedException.invalid(wrong + "Cannot add fields (field: " + name + ")");
        }
        if (known.repeated() != column.repeated()) {
            throw RefusedException.invalid(wrong + "Field " + name + " has changed mode");
        }
        if (!known.type().equals(column.type())) {
            throw RefusedException.invalid(
                    wrong + "Field " + name + " has changed type from " + known.type() + " to " + column.type());
        }
        column.fields().forEach(field -> refuseDifference(wrong, name + ".", known.fields(), field));
    }

    private static Map<String, ServedColumn> byName(List<ServedColumn> columns) {
        return columns.stream().collect(Collectors.toMap(ServedColumn::name, column -> column));
    }
}
