package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.KeyErrors;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.Preview;
import io.modelbatch.warehouse.QueryColumns;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Runs a query over the table files and leaves its result, divided into partitions, as one folder that appears whole. */
final class ExtractLocally {
    private static final String RESULT = "modelbatch_result";

    private static final Set<String> INTEGERS =
            Set.of("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER");

    /** Less than a check may take. */
    private static final long PREVIEW_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final TableFiles tables;
    private final PinnedFolder target;

    ExtractLocally(TableFiles tables, PinnedFolder target) {
        this.tables = tables;
        this.target = target;
    }

    /** Ends the look at a table that is too large for a check. What was read until then is looked at. */
    private record Deadline(long nanos) implements BooleanSupplier {
        @Override
        public boolean getAsBoolean() {
            return System.nanoTime() < nanos;
        }
    }

    PinnedInput extract(Extraction extraction) throws IOException {
        PinnedFolder incoming = incoming();
        try (Connection duckdb = DuckDb.open(incoming.path().resolve("spill"))) {
            PreparedQuery query = PreparedQuery.of(duckdb, extraction);
            List<Path> files = new OpenTables(tables, duckdb).open(query.sql(), () -> true);
            SqlFunctions.define(duckdb, query.sql());
            DuckDb.lockDown(duckdb, List.of(incoming.path().toAbsolutePath()), files);
            verify(duckdb, query, extraction);
            run(duckdb, query);
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

    /** Has DuckDB plan the query, and count what its rows hold unless that takes long. */
    Preview verify(Extraction extraction) {
        try (Connection duckdb = DuckDb.open(target.path().resolveSibling("spill"))) {
            PreparedQuery query = PreparedQuery.of(duckdb, extraction);
            Deadline deadline = new Deadline(System.nanoTime() + PREVIEW_NANOS);
            List<Path> files = new OpenTables(tables, duckdb).open(query.sql(), deadline);
            SqlFunctions.define(duckdb, query.sql());
            RowsPreview.limitMemory(duckdb);
            DuckDb.lockDown(duckdb, List.of(), files);
            QueryColumns columns = verify(duckdb, query, extraction);
            Optional<Preview.Rows> rows =
                    deadline.getAsBoolean() ? new RowsPreview(duckdb, query).of(extraction) : Optional.empty();
            String seen = rows.map(all -> "%,d rows".formatted(all.count()))
                    .orElse(
                            "there are too many rows to count here; the run reports keys that are null or occur twice, and missing values");
            return new Preview(
                    "can run; its columns: " + columns + "; " + seen + unusedSchemas(duckdb, query),
                    keyType(columns, extraction.key()),
                    rows);
        } catch (SQLException e) {
            throw refused(e);
        }
    }

    private String unusedSchemas(Connection duckdb, PreparedQuery query) throws SQLException {
        return QueryTables.of(duckdb, query.sql()).stream()
                .map(table -> table.substring(0, table.indexOf('.')))
                .filter(dataset -> !dataset.isEmpty())
                .distinct()
                .flatMap(dataset -> TableSchema.withoutTable(tables, dataset).stream())
                .map(file -> "; " + file + " is a schema file without a table")
                .collect(Collectors.joining());
    }

    private static QueryColumns verify(Connection duckdb, PreparedQuery query, Extraction extraction)
            throws SQLException {
        QueryColumns columns = query.columns(duckdb);
        columns.verify(extraction);
        refuseRowNumber(columns);
        keyType(columns, extraction.key());
        return columns;
    }

    /** A new folder; those that killed attempts left go, as one id has one writer. No id has a dot. */
    private PinnedFolder incoming() throws IOException {
        Path folder = Objects.requireNonNull(target.path().toAbsolutePath().getParent());
        String prefix = PinnedFiles.incoming(String.valueOf(target.path().getFileName()));
        for (Path left : TableFiles.children(folder)) {
            if (String.valueOf(left.getFileName()).startsWith(prefix)) {
                new PinnedFolder(left).delete();
            }
        }
        return new PinnedFolder(Files.createTempDirectory(folder, prefix));
    }

    private static void run(Connection duckdb, PreparedQuery query) throws SQLException {
        try (PreparedStatement statement = query.in(duckdb, "CREATE TABLE " + RESULT + " AS SELECT * FROM (", "\n)")) {
            statement.execute();
        }
    }

    private static PinnedInput pin(Connection duckdb, PinnedFolder folder, Extraction extraction)
            throws SQLException, IOException {
        QueryColumns columns = new PreparedQuery("SELECT * FROM " + RESULT, List.of()).columns(duckdb);
        String keyType = keyType(columns, extraction.key());
        checkKeys(duckdb, extraction.key());
        String select = columns.all().stream()
                .map(ExtractLocally::pinned)
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + RESULT));
        List<Long> rows = new ArrayList<>();
        for (int number = 0; number < extraction.partitions(); number++) {
            rows.add(writePartition(duckdb, folder.partition(number), select, extraction, number));
        }
        return new PinnedInput(
                targetPath(folder, extraction),
                extraction.key(),
                keyType,
                columns.all().stream().map(QueryColumns.Column::name).toList(),
                rows,
                Instant.now(),
                folder.seal(extraction.partitions()));
    }

    private static String targetPath(PinnedFolder folder, Extraction extraction) {
        return folder.path().resolveSibling(extraction.id()).toAbsolutePath().toString();
    }

    private static void refuseRowNumber(QueryColumns columns) {
        if (columns.all().stream()
                .map(QueryColumns.Column::name)
                .anyMatch(ParquetRowReader.ROW_NUMBER::equalsIgnoreCase)) {
            throw new WarehouseException("The query's result has a column " + ParquetRowReader.ROW_NUMBER
                    + ", a name that DuckDB reserves; rename it with AS");
        }
    }

    private static String keyType(QueryColumns columns, String key) {
        String type = columns.all().stream()
                .filter(column -> column.name().equals(key))
                .map(QueryColumns.Column::type)
                .findFirst()
                .orElseThrow();
        if (type.equals("VARCHAR")) {
            return "string";
        }
        if (INTEGERS.contains(type)) {
            return "int64";
        }
        throw new WarehouseException("The key column '" + key + "' is a " + type
                + "; a key must be text or a whole number: select CAST(" + key + " AS STRING) AS " + key);
    }

    private static void checkKeys(Connection duckdb, String key) throws SQLException {
        String name = DuckDb.name(key);
        try (Statement statement = duckdb.createStatement();
                ResultSet nulls =
                        statement.executeQuery("SELECT count(*) FROM " + RESULT + " WHERE " + name + " IS NULL")) {
            nulls.next();
            if (nulls.getLong(1) > 0) {
                throw KeyErrors.isNull(key, nulls.getLong(1));
            }
        }
        try (Statement statement = duckdb.createStatement();
                ResultSet twins = statement.executeQuery("SELECT CAST(" + name + " AS VARCHAR), count(*) FROM " + RESULT
                        + " GROUP BY " + name + " HAVING count(*) > 1 ORDER BY 1 LIMIT 1")) {
            if (twins.next()) {
                throw KeyErrors.occursTwice(key, twins.getString(1), twins.getLong(2));
            }
        }
    }

    /**
     * Bytes and nested values have the text that BigQuery gives them: Base64 and JSON. Sums of whole numbers have their 64 bits: Parquet
     * would have a DOUBLE.
     */
    private static String pinned(QueryColumns.Column column) {
        String name = DuckDb.name(column.name());
        String type = column.type();
        if (type.endsWith("]") || type.startsWith("STRUCT(") || type.startsWith("MAP(")) {
            return "CAST(to_json(" + name + ") AS VARCHAR) AS " + name;
        }
        return switch (type) {
            case "BLOB" -> "base64(" + name + ") AS " + name;
            case "HUGEINT" -> "CAST(" + name + " AS BIGINT) AS " + name;
            default -> name;
        };
    }

    private static long writePartition(Connection duckdb, Path file, String select, Extraction extraction, int number)
            throws SQLException {
        String key = DuckDb.name(extraction.key());
        try (Statement statement = duckdb.createStatement()) {
            return statement.executeLargeUpdate("COPY (" + select + " WHERE hash(" + key + ") % "
                    + extraction.partitions() + " = " + number + " ORDER BY " + key + ") TO " + DuckDb.literal(file)
                    + " (FORMAT parquet, COMPRESSION zstd)");
        }
    }

    /** DuckDB's own words are good, but lines follow its first one and its hint that repeat the query. */
    private static WarehouseException refused(SQLException e) {
        List<String> lines = String.valueOf(e.getMessage())
                .strip()
                .lines()
                .map(String::strip)
                .toList();
        StringBuilder message = new StringBuilder("The query cannot run: ").append(sentence(lines.get(0)));
        boolean noTable = lines.get(0).startsWith("Catalog Error: Table with name");
        lines.stream() // of tables DuckDB suggests those of its own catalogue
                .filter(line -> !noTable && (line.startsWith("Did you mean") || line.startsWith("Candidate bindings")))
                .findFirst()
                .ifPresent(hint -> message.append(' ').append(sentence(hint)));
        return new WarehouseException(
                noTable ? message + " A table is written with its dataset: dataset.table." : message.toString(), e);
    }

    /** Without the advice to SET something, which no job can. */
    private static String sentence(String line) {
        return line.endsWith("?") ? line : line.replaceAll(" Use \"SET .*", "").replaceAll("[!.]+$", "") + ".";
    }
}
