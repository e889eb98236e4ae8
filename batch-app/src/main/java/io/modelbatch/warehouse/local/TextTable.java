package io.modelbatch.warehouse.local;

import com.google.common.collect.Lists;
import io.modelbatch.warehouse.WarehouseException;
import io.modelbatch.warehouse.local.TableFiles.Format;
import io.modelbatch.warehouse.local.TableFiles.TableFile;
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
    /** Rows between two questions whether to continue. */
    private static final int STRIDE = 1024;
    /** Characters of rows that wait for their columns. */
    private static final long MOST_WAITING = 1 << 24;
    /** As many as a table of BigQuery has. */
    private static final int MOST_COLUMNS = 10_000;

    private static final int COLUMNS_AT_A_TIME = 100;
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
     * @param more true while reading should continue; asked now and then
     * @return SQL of the table's rows
     * @throws WarehouseException when the file breaks a rule of its format, or its schema file
     */
    String read(BooleanSupplier more) throws SQLException {
        List<String> columns;
        try (Texts sink = new Texts(more)) {
            rows.read(sink);
            columns = sink.columns();
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
                .map(column -> "count_if(" + column.misfit(schema) + ")")
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
                public void column(long number, String name) {}

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

    /** Some at a time, as DuckDB keeps vectors for each part of each expression. */
    private List<@Nullable String> values(List<String> expressions) throws SQLException {
        List<@Nullable String> values = new ArrayList<>();
        try (Statement statement = duckdb.createStatement()) {
            for (List<String> some : Lists.partition(expressions, COLUMNS_AT_A_TIME)) {
                try (ResultSet found = statement.executeQuery("SELECT " + String.join(", ", some) + " FROM " + texts)) {
                    found.next();
                    for (int i = 1; i <= some.size(); i++) {
                        values.add(found.getString(i));
                    }
                }
            }
        }
        return values;
    }

    /**
     * Receives the texts. A table that has rows takes a column slowly, so rows wait for a moment where columns are new: further new ones
     * of the rows that follow are added along with them.
     */
    private final class Texts implements TableRows.Sink, AutoCloseable {
        private final BooleanSupplier more;
        private final List<String> columns = new ArrayList<>();
        private final List<List<@Nullable String>> waiting = new ArrayList<>();
        private @Nullable DuckDBAppender appender;
        /** Of the columns, those that the table in DuckDB has. */
        private int made;

        private long waitingCharacters;
        private long count;

        Texts(BooleanSupplier more) {
            this.more = more;
        }

        @Override
        public void column(long line, String name) {
            if (columns.size() == MOST_COLUMNS) {
                throw new TextFile(table.file())
                        .refused(line, "the table has more than %,d columns".formatted(MOST_COLUMNS));
            }
            columns.add(name);
        }

        @Override
        public boolean row(long line, List<@Nullable String> values) throws IOException {
            if (values.isEmpty()) {
                throw new TextFile(table.file()).refused(line, "the row has no columns");
            }
            try {
                if (made == columns.size()) {
                    append(values);
                } else {
                    waiting.add(values);
                    waitingCharacters += characters(values);
                    if (waiting.size() == STRIDE || waitingCharacters > MOST_WAITING) {
                        flush();
                    }
                }
            } catch (SQLException e) {
                throw new IOException(e.getMessage(), e);
            }
            return ++count % STRIDE != 0 || more.getAsBoolean();
        }

        private static long characters(List<@Nullable String> values) {
            return values.stream()
                    .mapToLong(value -> value == null ? 0 : value.length())
                    .sum();
        }

        /** Makes the columns that are new, and appends the rows that waited for them. */
        private void flush() throws SQLException {
            closeAppender();
            try (Statement statement = duckdb.createStatement()) {
                if (made == 0 && !columns.isEmpty()) {
                    statement.execute(columns.stream()
                            .map(TextTable::definition)
                            .collect(Collectors.joining(", ", "CREATE TABLE " + texts + " (", ")")));
                    made = columns.size();
                }
                for (; made < columns.size(); made++) {
                    statement.execute("ALTER TABLE " + texts + " ADD COLUMN " + definition(columns.get(made)));
                }
            }
            for (List<@Nullable String> values : waiting) {
                append(values);
            }
            waiting.clear();
            waitingCharacters = 0;
        }

        private void append(List<@Nullable String> values) throws SQLException {
            if (appender == null) {
                appender = duckdb.unwrap(DuckDBConnection.class).createAppender("main", texts);
            }
            appender.beginRow();
            for (int i = 0; i < made; i++) {
                String value = i < values.size() ? values.get(i) : null;
                if (value == null) {
                    appender.appendNull();
                } else {
                    appender.append(value);
                }
            }
            appender.endRow();
        }

        private void closeAppender() throws SQLException {
            if (appender != null) {
                appender.close();
                appender = null;
            }
        }

        /** The names of all columns, once all rows were received. */
        List<String> columns() throws SQLException {
            flush();
            closeAppender();
            return columns;
        }

        @Override
        public void close() throws SQLException {
            closeAppender();
        }
    }

    private static String definition(String column) {
        return DuckDb.name(column) + " VARCHAR";
    }
}
