package io.modelbatch.source;

import io.modelbatch.source.TableFiles.Format;
import io.modelbatch.source.TableFiles.TableFile;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A CSV or JSON lines file in DuckDB: its values as text, and a query that gives each column the type of its values. The whole file is
 * read, for a type is that of all values.
 */
final class TextTable {
    /** Rows between two questions whether to go on. */
    private static final int STRIDE = 1024;
    /** Characters of a wrong value that a message shows. */
    private static final int LONGEST_SHOWN = 60;

    private final Connection duckdb;
    private final TableFile table;
    private final String texts;
    private final TableSchema schema;
    private final TableRows rows;

    /** @param texts the name of the table that receives the texts */
    TextTable(Connection duckdb, TableFile table, String texts) {
        this.duckdb = duckdb;
        this.table = table;
        this.texts = texts;
        this.schema = TableSchema.beside(table);
        this.rows = table.format() == Format.JSON_LINES
                ? new JsonLinesRows(table.file())
                : new CsvRows(table.file(), schema);
    }

    /**
     * Reads the file.
     *
     * @param more whether to go on; asked now and then
     * @return SQL of the table's rows
     * @throws WarehouseException when the file breaks a rule of its format, or its schema file
     */
    String read(BooleanSupplier more) throws SQLException {
        List<String> columns;
        try (Texts sink = new Texts(more)) {
            rows.read(sink);
            columns = sink.columns;
        } catch (IOException e) {
            throw new WarehouseException(table.file() + " cannot be read: " + e.getMessage(), e);
        }
        if (columns.isEmpty()) {
            throw new WarehouseException(table.file() + ": the file has no columns; it is empty");
        }
        schema.verify(columns);
        return types(columns).stream()
                .map(column -> column.type().cast(DuckDb.name(column.name())) + " AS " + DuckDb.name(column.name()))
                .collect(Collectors.joining(", ", "SELECT ", " FROM " + texts));
    }

    private record Column(String name, ColumnType type) {
        /** SQL that is true where a value is not of the type. */
        String misfit(TableSchema schema) {
            String column = DuckDb.name(name);
            return schema.columns().containsKey(name) ? type.isWrong(column) : type.differs(column);
        }
    }

    private List<Column> types(List<String> names) throws SQLException {
        List<@Nullable String> first = values(names.stream()
                .map(name -> "any_value(" + DuckDb.name(name) + ")")
                .toList());
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            ColumnType named = schema.columns().get(names.get(i));
            columns.add(new Column(names.get(i), named == null ? suggested(names.get(i), first.get(i)) : named));
        }
        List<@Nullable String> misfits = values(columns.stream()
                .map(column -> "count(*) FILTER (WHERE " + column.misfit(schema) + ")")
                .toList());
        for (int i = 0; i < columns.size(); i++) {
            if (!"0".equals(misfits.get(i))) {
                refuseAgainstSchema(columns.get(i));
                columns.set(i, new Column(names.get(i), ColumnType.STRING));
            }
        }
        return columns;
    }

    private ColumnType suggested(String column, @Nullable String value) {
        if (rows.canBe(column, ColumnType.JSON)) {
            return ColumnType.JSON;
        }
        return Optional.ofNullable(value)
                .flatMap(ColumnType::suggestedBy)
                .filter(type -> rows.canBe(column, type))
                .orElse(ColumnType.STRING);
    }

    /** Finds the row and then its line, for which the file is read again. */
    private void refuseAgainstSchema(Column column) throws SQLException {
        if (!schema.columns().containsKey(column.name())) {
            return;
        }
        try (Statement statement = duckdb.createStatement();
                ResultSet found = statement.executeQuery("SELECT rowid, " + DuckDb.name(column.name()) + " FROM "
                        + texts + " WHERE " + column.misfit(schema) + " ORDER BY rowid LIMIT 1")) {
            found.next();
            String value = found.getString(2);
            throw new TextFile(table.file())
                    .refused(
                            lineOf(found.getLong(1)),
                            "column '" + column.name() + "' has the value '"
                                    + value.substring(0, Math.min(LONGEST_SHOWN, value.length()))
                                    + "', which does not fit the type " + column.type() + " in " + schema.file()
                                    + "; correct one of them");
        }
    }

    private long lineOf(long row) {
        long[] line = {0, row};
        try {
            rows.read(new TableRows.Sink() {
                @Override
                public void column(String name) {}

                @Override
                public boolean row(long number, List<@Nullable String> values) {
                    line[0] = number;
                    return line[1]-- > 0;
                }
            });
        } catch (IOException e) {
            throw new WarehouseException(table.file() + " cannot be read: " + e.getMessage(), e);
        }
        return line[0];
    }

    private List<@Nullable String> values(List<String> expressions) throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        if (!expressions.isEmpty()) {
            try (Statement statement = duckdb.createStatement();
                    ResultSet found =
                            statement.executeQuery("SELECT " + String.join(", ", expressions) + " FROM " + texts)) {
                found.next();
                for (int i = 1; i <= expressions.size(); i++) {
                    values.add(found.getString(i));
                }
            }
        }
        return values;
    }

    /** Receives the texts. A column that comes late is added to the table. */
    private final class Texts implements TableRows.Sink, AutoCloseable {
        private final BooleanSupplier more;
        private final List<String> columns = new ArrayList<>();
        private @Nullable DuckDBAppender appender;
        private long count;

        Texts(BooleanSupplier more) {
            this.more = more;
        }

        @Override
        public void column(String name) throws IOException {
            try {
                close();
                String column = DuckDb.name(name) + " VARCHAR";
                try (Statement statement = duckdb.createStatement()) {
                    statement.execute(
                            columns.isEmpty()
                                    ? "CREATE TABLE " + texts + " (" + column + ")"
                                    : "ALTER TABLE " + texts + " ADD COLUMN " + column);
                }
                columns.add(name);
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
        }

        @Override
        public boolean row(long line, List<@Nullable String> values) throws IOException {
            if (values.isEmpty()) {
                throw new TextFile(table.file()).refused(line, "the row has no columns");
            }
            try {
                if (appender == null) {
                    appender = duckdb.unwrap(DuckDBConnection.class).createAppender("main", texts);
                }
                appender.beginRow();
                for (String value : values) {
                    if (value == null) {
                        appender.appendNull();
                    } else {
                        appender.append(value);
                    }
                }
                appender.endRow();
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
            return ++count % STRIDE != 0 || more.getAsBoolean();
        }

        @Override
        public void close() throws SQLException {
            if (appender != null) {
                appender.close();
                appender = null;
            }
        }
    }
}
