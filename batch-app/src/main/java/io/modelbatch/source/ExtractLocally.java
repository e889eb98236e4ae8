package io.modelbatch.source;

import io.modelbatch.source.TableFiles.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** Runs a query over the table files and leaves its result, divided into partitions, as one folder that appears whole. */
final class ExtractLocally {
    private static final String RESULT = "modelbatch_result";
    private static final Set<String> INTEGERS =
            Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "UTINYINT", "USMALLINT", "UINTEGER");

    private final TableFiles tables;
    private final PinnedFolder target;

    ExtractLocally(TableFiles tables, PinnedFolder target) {
        this.tables = tables;
        this.target = target;
    }

    PinnedInput extract(Extraction extraction) throws IOException {
        QueryText query = QueryText.parse(extraction.query());
        List<Object> values = values(query, extraction.parameters());
        PinnedFolder incoming = incoming();
        try (Connection duckdb = DuckDb.open(incoming.path().resolve("spill"))) {
            createViews(duckdb, query.sql());
            DuckDb.lockDown(
                    duckdb,
                    List.of(tables.folder().toAbsolutePath(), incoming.path().toAbsolutePath()));
            OneSelect.verify(duckdb, query.sql());
            run(duckdb, query.sql(), values);
            PinnedInput input = pin(duckdb, incoming, extraction);
            incoming.write(input);
            Files.move(incoming.path(), target.path());
            return input;
        } catch (SQLException e) {
            throw refused(e);
        } finally {
            if (incoming.isThere()) {
                incoming.delete();
            }
        }
    }

    /** Has DuckDB plan the query, and run nothing. */
    void verify(Extraction extraction) {
        QueryText query = QueryText.parse(extraction.query());
        values(query, extraction.parameters());
        try (Connection duckdb = DuckDb.open(target.path().resolveSibling("spill"))) {
            createViews(duckdb, query.sql());
            DuckDb.lockDown(duckdb, List.of(tables.folder().toAbsolutePath()));
            OneSelect.verify(duckdb, query.sql());
            duckdb.prepareStatement("SELECT * FROM (" + query.sql() + "\n)").close();
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    /** A new folder; those that killed attempts left go, as one id has one writer. No id has a dot. */
    private PinnedFolder incoming() throws IOException {
        Path folder = Objects.requireNonNull(target.path().toAbsolutePath().getParent());
        String prefix = ".incoming-" + target.path().getFileName() + ".";
        for (Path left : TableFiles.children(folder)) {
            if (String.valueOf(left.getFileName()).startsWith(prefix)) {
                new PinnedFolder(left).delete();
            }
        }
        return new PinnedFolder(Files.createTempDirectory(folder, prefix));
    }

    private static List<Object> values(QueryText query, Map<String, Object> parameters) {
        List<Object> values = new ArrayList<>();
        for (String name : query.parameters()) {
            Object value = QueryText.value(name, parameters);
            values.add(value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value);
        }
        return values;
    }

    /** Only tables that the query may mean: each view costs a look into its file. */
    private void createViews(Connection duckdb, String sql) throws SQLException {
        String text = sql.toLowerCase(Locale.ROOT);
        try (Statement statement = duckdb.createStatement()) {
            for (TableFile table : tables.all().values()) {
                if (text.contains(table.name().toLowerCase(Locale.ROOT))) {
                    statement.execute("CREATE SCHEMA IF NOT EXISTS " + DuckDb.name(table.dataset()));
                    statement.execute("CREATE VIEW " + DuckDb.name(table.dataset()) + "." + DuckDb.name(table.name())
                            + " AS SELECT * FROM " + table.relation());
                }
            }
        }
    }

    private static void run(Connection duckdb, String sql, List<Object> values) throws SQLException {
        try (PreparedStatement statement =
                duckdb.prepareStatement("CREATE TABLE " + RESULT + " AS SELECT * FROM (" + sql + "\n)")) {
            for (int i = 0; i < values.size(); i++) {
                statement.setObject(i + 1, values.get(i));
            }
            statement.execute();
        }
    }

    private static PinnedInput pin(Connection duckdb, PinnedFolder folder, Extraction extraction)
            throws SQLException, IOException {
        Map<String, String> columns = columns(duckdb);
        refuseRowNumber(columns);
        String keyType = keyType(columns, extraction.key());
        checkKeys(duckdb, extraction.key());
        List<Long> rows = new ArrayList<>();
        for (int number = 0; number < extraction.partitions(); number++) {
            rows.add(writePartition(duckdb, folder.partition(number), extraction, number));
        }
        return new PinnedInput(
                targetPath(folder, extraction),
                extraction.key(),
                keyType,
                List.copyOf(columns.keySet()),
                rows,
                Instant.now(),
                folder.fingerprint(extraction.partitions()));
    }

    private static String targetPath(PinnedFolder folder, Extraction extraction) {
        return folder.path().resolveSibling(extraction.id()).toAbsolutePath().toString();
    }

    private static Map<String, String> columns(Connection duckdb) throws SQLException {
        Map<String, String> columns = new LinkedHashMap<>();
        try (Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery("DESCRIBE " + RESULT)) {
            while (found.next()) {
                columns.put(found.getString("column_name"), found.getString("column_type"));
            }
        }
        return columns;
    }

    private static void refuseRowNumber(Map<String, String> columns) {
        if (columns.keySet().stream().anyMatch(ParquetRowReader.ROW_NUMBER::equalsIgnoreCase)) {
            throw new WarehouseException("The query's result has a column " + ParquetRowReader.ROW_NUMBER
                    + ", a name that DuckDB keeps for itself; rename it with AS");
        }
    }

    private static String keyType(Map<String, String> columns, String key) {
        String type = columns.get(key);
        if (type == null) {
            throw new WarehouseException("The query's result has no key column '" + key + "'; it has "
                    + String.join(", ", columns.keySet()));
        }
        if (type.equals("VARCHAR")) {
            return "string";
        }
        if (INTEGERS.contains(type)) {
            return "int64";
        }
        throw new WarehouseException("The key column '" + key + "' is a " + type
                + ", and a key is text or a whole number; select CAST(" + key + " AS VARCHAR) AS " + key);
    }

    private static void checkKeys(Connection duckdb, String key) throws SQLException {
        String name = DuckDb.name(key);
        try (Statement statement = duckdb.createStatement();
                ResultSet nulls =
                        statement.executeQuery("SELECT count(*) FROM " + RESULT + " WHERE " + name + " IS NULL")) {
            nulls.next();
            if (nulls.getLong(1) > 0) {
                throw new WarehouseException("The key column '" + key + "' is null in " + nulls.getLong(1)
                        + " rows; a key must name its row. Leave them out: WHERE " + key + " IS NOT NULL");
            }
        }
        try (Statement statement = duckdb.createStatement();
                ResultSet twins = statement.executeQuery("SELECT CAST(" + name + " AS VARCHAR), count(*) FROM " + RESULT
                        + " GROUP BY " + name + " HAVING count(*) > 1 ORDER BY 1 LIMIT 1")) {
            if (twins.next()) {
                throw new WarehouseException(
                        "The key '" + twins.getString(1) + "' occurs " + twins.getLong(2) + " times in column '" + key
                                + "'; a key must name one row. Choose another key, or SELECT DISTINCT");
            }
        }
    }

    private static long writePartition(Connection duckdb, Path file, Extraction extraction, int number)
            throws SQLException {
        String key = DuckDb.name(extraction.key());
        try (Statement statement = duckdb.createStatement()) {
            return statement.executeLargeUpdate("COPY (SELECT * FROM " + RESULT + " WHERE hash(" + key + ") % "
                    + extraction.partitions() + " = " + number + " ORDER BY " + key + ") TO " + DuckDb.literal(file)
                    + " (FORMAT parquet, COMPRESSION zstd)");
        }
    }

    /** DuckDB's own words are good, but lines follow its first one and its hint that repeat the query. */
    private WarehouseException refused(SQLException e) {
        List<String> lines = String.valueOf(e.getMessage())
                .strip()
                .lines()
                .map(String::strip)
                .toList();
        boolean noTable = lines.get(0).startsWith("Catalog Error: Table with name");
        StringBuilder message = new StringBuilder("The query cannot run: ").append(sentence(lines.get(0)));
        lines.stream()
                .filter(line -> line.startsWith("Did you mean") || line.startsWith("Candidate bindings"))
                .filter(line -> !noTable || meansATable(line))
                .findFirst()
                .ifPresent(hint -> message.append(' ').append(sentence(hint)));
        return new WarehouseException(noTable ? message + " " + listed() : message.toString(), e);
    }

    /** DuckDB also suggests tables of its own catalogue. */
    private boolean meansATable(String hint) {
        return tables.all().values().stream()
                .anyMatch(table ->
                        hint.contains("\"" + table.name() + "\"") || hint.contains("\"" + table.table() + "\""));
    }

    private String listed() {
        Set<String> names = tables.all().keySet();
        return names.isEmpty()
                ? "No tables are in " + tables.folder()
                : "Tables in " + tables.folder() + ": " + String.join(", ", names);
    }

    /** Without the advice to SET something, which no job can. */
    private static String sentence(String line) {
        return line.endsWith("?") ? line : line.replaceAll(" Use \"SET .*", "").replaceAll("[!.]+$", "") + ".";
    }
}
