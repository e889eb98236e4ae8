package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.local.TableFiles.Format;
import io.modelbatch.warehouse.local.TableFiles.TableFile;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;

/** Makes the tables that a query reads known to DuckDB, and no others. */
record OpenTables(TableFiles tables, Connection duckdb) {
    private static final String TEXTS = "modelbatch_texts_";

    /**
     * Opens the tables of a query. CSV and JSON lines files are read whole.
     *
     * @param more true while reading should continue; asked now and then
     * @return the files that DuckDB reads itself when the query runs
     * @throws WarehouseException when a table does not exist, or its file cannot be read
     */
    List<Path> open(String sql, BooleanSupplier more) throws SQLException {
        List<Path> later = new ArrayList<>();
        int number = 0;
        for (String name : QueryTables.of(duckdb, sql)) {
            Optional<TableFile> table = tables.find(name);
            if (table.isPresent()) {
                refuseOtherSpelling(name, table.get());
                boolean parquet = table.get().format() == Format.PARQUET;
                createView(table.get(), parquet ? parquet(table.get()) : texts(table.get(), number++, more));
                if (parquet) {
                    later.add(table.get().file().toAbsolutePath());
                }
            } else if (!name.startsWith(".")) { // one without a dataset may be of a WITH clause
                throw new WarehouseException(
                        "The query reads the table " + name + ", which does not exist. " + listed() + unread(name));
            }
        }
        return later;
    }

    private String listed() {
        Set<String> names = new TreeSet<>();
        tables.all().forEach(table -> names.add(table.table()));
        return names.isEmpty()
                ? "No tables are in " + tables.folder()
                : "Tables in " + tables.folder() + ": " + String.join(", ", names);
    }

    /** Files that look as if they were the table. */
    private String unread(String table) {
        List<Path> files = tables.unread(table);
        return files.isEmpty()
                ? ""
                : "; not read, because the name of a table's file must end in .csv, .tsv, .jsonl, .ndjson or .parquet: "
                        + files.stream().sorted().map(Path::toString).collect(Collectors.joining(", "));
    }

    /** DuckDB does not tell names of tables apart by case, and BigQuery does. */
    private static void refuseOtherSpelling(String name, TableFile table) {
        if (!table.table().equals(name)) {
            throw new WarehouseException("The query reads the table " + name + ", and the file is " + table.file()
                    + "; names of tables are case-sensitive; write " + table.table());
        }
    }

    private void createView(TableFile table, String select) throws SQLException {
        try (Statement statement = duckdb.createStatement()) {
            statement.execute("CREATE SCHEMA IF NOT EXISTS " + DuckDb.name(table.dataset()));
            statement.execute(
                    "CREATE VIEW " + DuckDb.name(table.dataset()) + "." + DuckDb.name(table.name()) + " AS " + select);
        }
    }

    private String texts(TableFile table, int number, BooleanSupplier more) throws SQLException {
        return new TextTable(duckdb, table, TEXTS + number).read(more);
    }

    /** Some programs write texts as bytes: they are texts where all of them are UTF-8. */
    private String parquet(TableFile table) throws SQLException {
        TableSchema.beside(table); // refuses one
        String relation = DuckDb.parquet(table.file().toAbsolutePath());
        StringBuilder select = new StringBuilder("SELECT *");
        try (Statement statement = duckdb.createStatement()) {
            refuseBrotli(table.file(), statement);
            List<String> texts = new ArrayList<>();
            for (String column : bytes(relation)) {
                String text = "decode(" + column + ")";
                try (ResultSet unlike = statement.executeQuery("SELECT count(*) FILTER (WHERE " + column
                        + " IS NOT NULL AND try(" + text + ") IS NULL) FROM " + relation)) {
                    if (unlike.next() && unlike.getLong(1) == 0) {
                        texts.add(text + " AS " + column);
                    }
                }
            }
            if (!texts.isEmpty()) {
                select.append(" REPLACE (").append(String.join(", ", texts)).append(")");
            }
        } catch (SQLException e) {
            throw new WarehouseException(
                    table.file() + " cannot be read as Parquet: "
                            + String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
                    e);
        }
        return select + " FROM " + relation;
    }

    /**
     * CVE-2026-111497: the Brotli decoder in DuckDB may write outside of its buffer. The fix was in neither 1.5.6 nor 2.0.0 when this was
     * written; compression is named in the footer, which is read without that decoder.
     */
    private static void refuseBrotli(Path file, Statement statement) throws SQLException {
        try (ResultSet brotli = statement.executeQuery("SELECT count(*) FROM parquet_metadata("
                + DuckDb.file(file.toAbsolutePath()) + ") WHERE upper(compression) = 'BROTLI'")) {
            if (brotli.next() && brotli.getLong(1) > 0) {
                throw new WarehouseException(
                        file + " is compressed with Brotli, whose decoder in DuckDB has a vulnerability"
                                + " (CVE-2026-111497). Write it with another compression, for instance in pandas:"
                                + " to_parquet(path, compression=\"zstd\")");
            }
        }
    }

    private List<String> bytes(String relation) throws SQLException {
        return new PreparedQuery("SELECT * FROM " + relation, List.of())
                .columns(duckdb).all().stream()
                        .filter(column -> column.type().equals("BLOB"))
                        .map(column -> DuckDb.name(column.name()))
                        .toList();
    }
}
