package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.WarehouseException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Streams a Parquet file in the order of its rows. */
public final class ParquetRowReader implements RowReader {
    /** The column that DuckDB adds; it reads no file that has one of that name. */
    static final String ROW_NUMBER = "file_row_number";

    private final Connection connection;
    private final Statement statement;
    private final ResultSet rows;
    private final List<String> columns;

    private ParquetRowReader(Connection connection, Statement statement, ResultSet rows, List<String> columns) {
        this.connection = connection;
        this.statement = statement;
        this.rows = rows;
        this.columns = columns;
    }

    /**
     * A column as text.
     *
     * @param sql its value for DuckDB
     */
    public record Column(String name, String sql) {
        /** Numbers as they are written. */
        public static Column text(String name) {
            return new Column(name, "CAST(" + DuckDb.name(name) + " AS VARCHAR)");
        }

        /** A list, a map or a structure as JSON. */
        public static Column json(String name) {
            return new Column(name, "CAST(to_json(" + DuckDb.name(name) + ") AS VARCHAR)");
        }
    }

    /**
     * Opens a file.
     *
     * @param position rows to leave out
     */
    public static ParquetRowReader open(Path file, String key, List<Column> requested, long position) {
        List<Column> distinct = requested.stream().distinct().toList();
        List<String> columns = distinct.stream().map(Column::name).toList();
        StringBuilder select = new StringBuilder(DuckDb.name(key));
        distinct.forEach(column -> select.append(", ").append(column.sql()));
        try {
            Connection connection = DuckDb.open(file.resolveSibling("spill"));
            try {
                Statement statement = connection.createStatement();
                statement.execute("SET threads = 1"); // rows stay in the file's order
                ResultSet rows = statement.executeQuery(
                        "SELECT " + select + " FROM read_parquet(" + DuckDb.file(file) + ", hive_partitioning = false, "
                                + ROW_NUMBER + " = true) WHERE " + ROW_NUMBER + " >= " + position);
                return new ParquetRowReader(connection, statement, rows, columns);
            } catch (SQLException e) {
                connection.close();
                throw e;
            }
        } catch (SQLException e) {
            throw new WarehouseException(file + " cannot be read: " + e.getMessage(), e);
        }
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        List<Object> keys = new ArrayList<>();
        Map<String, List<@Nullable String>> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column, new ArrayList<>()));
        List<List<@Nullable String>> values = List.copyOf(byName.values());
        long bytes = 0;
        try {
            while (keys.size() < maxRows && bytes <= maxTextBytes && rows.next()) {
                Object key = rows.getObject(1);
                keys.add(key instanceof Number number ? (Object) number.longValue() : key);
                for (int i = 0; i < values.size(); i++) {
                    String value = rows.getString(i + 2);
                    values.get(i).add(value);
                    bytes += value == null ? 0 : 2L * value.length();
                }
            }
        } catch (SQLException e) {
            throw new WarehouseException("The pinned rows cannot be read: " + e.getMessage(), e);
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(new RowBlock(keys, byName));
    }

    @Override
    public Optional<String> session() {
        return Optional.empty();
    }

    @Override
    public void close() {
        try {
            rows.close();
            statement.close();
            connection.close();
        } catch (SQLException e) {
            throw new WarehouseException("The pinned rows could not be closed: " + e.getMessage(), e);
        }
    }
}
