package io.modelbatch.warehouse.local;

import io.modelbatch.result.RecordSchema;
import io.modelbatch.result.RowGroups;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.StoredObject;
import io.modelbatch.warehouse.QueryColumns;
import io.modelbatch.warehouse.TableLoad;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.local.TableFiles.TableFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Makes a table's Parquet file again from finished shards and puts it in the place of the old one by a rename. The file itself
 * remembers which loads are in it, so that no load is ever added twice.
 */
final class LoadLocally {
    private static final String LOADS = "modelbatch_loads";
    /** The day of each row, where a table is partitioned by date; BigQuery's name for it. */
    private static final String DAY = "_PARTITIONDATE";
    /** Bytes of a line of JSON that DuckDB takes by itself; it keeps two buffers of a longer one. */
    private static final long LONGEST_LINE = 16L << 20;

    private final TableFiles tables;
    private final ObjectStore store;

    LoadLocally(TableFiles tables, ObjectStore store) {
        this.tables = tables;
        this.store = store;
    }

    long load(TableLoad load) throws IOException {
        Path table = tables.parquet(load.target().table());
        refuseInTheWay(load.target().table(), table);
        refuseOtherFormats(load.target().table(), table);
        Files.createDirectories(tables.dataset(load.target().table()));
        try (TableLock lock = TableLock.acquire(tables.lock(load.target().table()))) {
            return load(load, table);
        }
    }

    private long load(TableLoad load, Path table) throws IOException {
        Path work = table.resolveSibling(".load-" + table.getFileName()); // a dataset may be a volume of its own
        if (Files.exists(work)) { // of a killed process
            new PinnedFolder(work).delete();
        }
        Files.createDirectory(work);
        try (Connection duckdb = DuckDb.open(work.resolve("spill"))) {
            Set<String> loads = loads(duckdb, table);
            if (loads.contains(load.id())) {
                return count(duckdb, DuckDb.parquet(table));
            }
            if (load.target().mode() == TableLoad.Mode.REPLACE && load.target().day() == null) {
                loads.clear();
            }
            Optional<String> kept = kept(duckdb, load.target(), table);
            refuseOtherTypes(duckdb, load.target(), kept, load.columns());
            long before = kept.isPresent() ? count(duckdb, kept.get()) : 0;
            Path made = work.resolve("table.parquet");
            loads.add(load.id());
            List<Path> shards = downloaded(load, work);
            refuseMissingColumns(duckdb, load, shards);
            copy(duckdb, select(load, kept, shards), rowGroup(load), made, loads);
            long after = count(duckdb, DuckDb.parquet(made));
            if (after != before + load.rows()) {
                throw new WarehouseException("The shards for " + load.target().table() + " hold " + (after - before)
                        + " rows, but their manifest says " + load.rows() + "; the table is unchanged");
            }
            Files.move(made, table, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            return after;
        } catch (SQLException e) {
            throw new WarehouseException(
                    "Table " + load.target().table() + " could not be written, and is unchanged: " + e.getMessage(), e);
        } finally {
            new PinnedFolder(work).delete();
        }
    }

    private void refuseInTheWay(String table, Path parquet) {
        Path dataset = tables.dataset(table);
        if (Files.exists(dataset) && !Files.isDirectory(dataset)) {
            throw new WarehouseException("Table " + table + " needs the folder " + dataset
                    + ", but a file has that name; move it or load into another dataset");
        }
        if (Files.isDirectory(parquet)) {
            throw new WarehouseException("Table " + table + " is to be the file " + parquet
                    + ", but a folder has that name; move it or load into another table");
        }
    }

    private void refuseOtherFormats(String table, Path parquet) {
        for (TableFile there : tables.all()) {
            if (there.table().equalsIgnoreCase(table) && !there.file().equals(parquet)) {
                throw new WarehouseException("Table " + table + " is the file " + there.file()
                        + ", but load writes Parquet; remove that file or load into another table");
            }
        }
    }

    /** With the columns that rows to load will have; none where they are not known. */
    String verify(TableLoad.Target target, List<RecordSchema.Field> columns) {
        Path table = tables.parquet(target.table());
        refuseInTheWay(target.table(), table);
        refuseOtherFormats(target.table(), table);
        if (!Files.exists(table)) {
            return "does not exist yet; 'load' creates it";
        }
        try (Connection duckdb = DuckDb.open(table.resolveSibling("spill"))) {
            refuseOtherTypes(duckdb, target, kept(duckdb, target, table), columns);
            return count(duckdb, DuckDb.parquet(table)) + " rows are there";
        } catch (SQLException e) {
            throw new WarehouseException("Table " + target.table() + " cannot be read: " + e.getMessage(), e);
        }
    }

    /** Of two types in one column DuckDB makes a third, and BigQuery refuses them. */
    private static void refuseOtherTypes(
            Connection duckdb, TableLoad.Target target, Optional<String> kept, List<RecordSchema.Field> columns)
            throws SQLException {
        if (kept.isEmpty() || columns.isEmpty()) {
            return;
        }
        List<QueryColumns.Column> there =
                columns(duckdb, "SELECT * FROM " + kept.get()).all();
        List<QueryColumns.Column> added =
                columns(duckdb, "SELECT " + nulls(columns)).all();
        List<String> others = added.stream()
                .flatMap(column -> there.stream()
                        .filter(known -> known.name().equalsIgnoreCase(column.name()))
                        .filter(known -> !widest(known.type()).equals(widest(column.type())))
                        .map(known -> "column '" + known.name() + "' is " + known.type() + ", and the result has "
                                + column.type()))
                .toList();
        if (!others.isEmpty()) {
            throw new WarehouseException("The result does not fit the columns of table " + target.table()
                    + ", and the table is unchanged: " + String.join("; ", others)
                    + ". Name another table with 'table' of 'load'; or remove this one, and 'load' creates it again");
        }
    }

    private static QueryColumns columns(Connection duckdb, String select) throws SQLException {
        return new PreparedQuery(select, List.of()).columns(duckdb);
    }

    /** The types that hold a value without loss are one to BigQuery. */
    private static String widest(String type) {
        return type.replaceAll("\\b(U?(TINY|SMALL)INT|U?INTEGER)\\b", "BIGINT").replaceAll("\\bFLOAT\\b", "DOUBLE");
    }

    /** The SELECT of the rows that stay; empty if none do. */
    private static Optional<String> kept(Connection duckdb, TableLoad.Target target, Path table) throws SQLException {
        if (!Files.exists(table)) {
            return Optional.empty();
        }
        if (target.day() != null) {
            refuseWithoutDays(duckdb, target, table);
        }
        if (target.mode() == TableLoad.Mode.APPEND) {
            return Optional.of(DuckDb.parquet(table));
        }
        return Optional.ofNullable(target.day())
                .map(day -> "(SELECT * FROM " + DuckDb.parquet(table) + " WHERE " + DAY + " IS DISTINCT FROM "
                        + literal(day) + ")");
    }

    private static void refuseWithoutDays(Connection duckdb, TableLoad.Target target, Path table) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet day = statement.executeQuery(
                        "SELECT name FROM parquet_schema(" + DuckDb.file(table) + ") WHERE name = '" + DAY + "'")) {
            if (!day.next()) {
                throw new WarehouseException(
                        "Table " + target.table() + " is not partitioned by date, and is unchanged;"
                                + " leave 'partition' out, or load into a new table");
            }
        }
    }

    private static String literal(LocalDate day) {
        return "DATE '" + day + "'";
    }

    private List<Path> downloaded(TableLoad load, Path work) throws IOException {
        List<Path> files = new ArrayList<>();
        for (StoredObject shard : load.shards()) {
            Path file = work.resolve("shard-" + files.size());
            store.download(shard.uri(), file);
            if (Files.size(file) != shard.bytes() || !Crc32c.of(file).equals(shard.crc32c())) {
                throw new WarehouseException("Table " + load.target().table() + " is unchanged: " + shard.uri()
                        + " has changed since it was verified");
            }
            files.add(file);
        }
        return files;
    }

    private static String select(TableLoad load, Optional<String> kept, List<Path> shards) throws IOException {
        LocalDate day = load.target().day();
        String rows = shards.isEmpty()
                ? "SELECT " + nulls(load.columns()) + " WHERE false"
                : "SELECT " + columns(load.columns(), column -> DuckDb.name(column.name())) + " FROM "
                        + relation(load, shards);
        String added = day == null ? rows : "SELECT *, " + literal(day) + " AS " + DAY + " FROM (" + rows + ")";
        return kept.map(old -> "SELECT * FROM " + old + " UNION ALL BY NAME " + added)
                .orElse(added);
    }

    private static String nulls(List<RecordSchema.Field> columns) {
        return columns(columns, column -> "NULL");
    }

    private static String columns(List<RecordSchema.Field> columns, Function<RecordSchema.Field, String> value) {
        return columns.stream()
                .map(column -> "CAST(" + value.apply(column) + " AS "
                        + column.type().duckdb() + ") AS " + DuckDb.name(column.name()))
                .collect(Collectors.joining(", "));
    }

    /** With types that are given: one that DuckDB makes out itself may be another, where a text looks like a time. */
    private static String relation(TableLoad load, List<Path> shards) throws IOException {
        if (load.format().equals("parquet")) {
            return DuckDb.parquet(shards.toArray(Path[]::new));
        }
        String types = load.columns().stream()
                .map(column -> DuckDb.name(column.name()) + ": "
                        + DuckDb.literal(column.type().duckdb()))
                .collect(Collectors.joining(", "));
        return json(shards, ", columns = {" + types + "}");
    }

    /** DuckDB takes no line above a limit; a line is no longer than its file. */
    private static String json(List<Path> shards, String more) throws IOException {
        long longest = LONGEST_LINE;
        for (Path shard : shards) {
            longest = Math.max(longest, Files.size(shard));
        }
        return "read_json(" + literals(shards) + ", format = 'newline_delimited', hive_partitioning = false"
                + ", maximum_object_size = " + longest + more + ")";
    }

    /** JSON lines that lack a column of given type would have nulls. */
    private static void refuseMissingColumns(Connection duckdb, TableLoad load, List<Path> shards)
            throws SQLException, IOException {
        if (load.format().equals("parquet") || shards.isEmpty()) {
            return;
        }
        String names = load.columns().stream()
                .map(column -> DuckDb.name(column.name()))
                .collect(Collectors.joining(", "));
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("SELECT " + names + " FROM " + json(shards, "") + " LIMIT 0");
        }
    }

    private static String literals(List<Path> files) {
        return files.stream().map(DuckDb::file).collect(Collectors.joining(", ", "[", "]"));
    }

    private static int rowGroup(TableLoad load) {
        return RowGroups.rows(
                load.columns().stream().map(RecordSchema.Field::type).toList());
    }

    private static void copy(Connection duckdb, String select, int rowGroup, Path file, Set<String> loads)
            throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("COPY (" + select + ") TO " + DuckDb.literal(file)
                    + " (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE " + rowGroup + ", KV_METADATA {" + LOADS
                    + ": "
                    + DuckDb.literal(String.join(",", loads)) + "})");
        }
    }

    private static Set<String> loads(Connection duckdb, Path table) throws SQLException {
        Set<String> loads = new LinkedHashSet<>();
        if (Files.exists(table)) {
            try (Statement statement = duckdb.createStatement();
                    ResultSet found = statement.executeQuery("SELECT decode(value) FROM parquet_kv_metadata("
                            + DuckDb.file(table) + ") WHERE decode(key) = '" + LOADS + "'")) {
                if (found.next()) {
                    loads.addAll(List.of(found.getString(1).split(",")));
                }
            }
        }
        return loads;
    }

    private static long count(Connection duckdb, String relation) throws SQLException {
        try (Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery("SELECT count(*) FROM " + relation)) {
            found.next();
            return found.getLong(1);
        }
    }
}
