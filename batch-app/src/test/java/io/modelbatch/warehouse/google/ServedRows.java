package io.modelbatch.warehouse.google;

import io.modelbatch.result.DuckDbLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Array;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/** The database of the rows: a file that starts empty, with BigQuery's functions as far as DuckDB lacks them. */
final class ServedRows implements AutoCloseable {
    private static final String FILE = "bigquery.duckdb";
    private static final List<String> SETTINGS = List.of(
            "SET memory_limit = '2GB'",
            "SET TimeZone = 'UTC'",
            "SET autoinstall_known_extensions = false",
            "SET max_expression_depth = 250");
    /** FARM_FINGERPRINT is another hash than the real one: as even, as repeatable, with other values. */
    private static final List<String> FUNCTIONS = List.of(
            "CREATE MACRO farm_fingerprint(x) AS CAST(CAST(hash(x) AS HUGEINT) - 9223372036854775808 AS BIGINT)",
            "CREATE MACRO to_json_string(x) AS CAST(to_json(x) AS VARCHAR)",
            "CREATE MACRO rand() AS random()",
            "CREATE MACRO div(x, y) AS x // y");

    private final DuckDBConnection database;

    private ServedRows(DuckDBConnection database) {
        this.database = database;
    }

    static ServedRows open(Path folder) throws IOException, SQLException {
        Path file = folder.resolve(FILE);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path path : old.filter(path -> path.getFileName().toString().startsWith(FILE))
                    .toList()) {
                if (Files.isRegularFile(path)) {
                    Files.delete(path);
                }
            }
        }
        Properties streaming = new Properties();
        streaming.setProperty("jdbc_stream_results", "true");
        Connection connection = DriverManager.getConnection("jdbc:duckdb:" + file, streaming);
        DuckDbLibrary.deleteUnpacked();
        ServedRows rows = new ServedRows(connection.unwrap(DuckDBConnection.class));
        for (String statement :
                Stream.concat(SETTINGS.stream(), FUNCTIONS.stream()).toList()) {
            rows.execute(statement);
        }
        return rows;
    }

    /** One of the caller's own, as a connection serves one thread. */
    Connection connect() throws SQLException {
        return database.duplicate();
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** All or none. */
    void executeTogether(List<String> statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            for (String sql : statements) {
                statement.execute(sql);
            }
            connection.commit();
        }
    }

    List<List<@Nullable Object>> select(String sql) throws SQLException {
        List<List<@Nullable Object>> rows = new ArrayList<>();
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                rows.add(row(found));
            }
        }
        return rows;
    }

    static List<@Nullable Object> row(ResultSet found) throws SQLException {
        int columns = found.getMetaData().getColumnCount();
        List<@Nullable Object> row = new ArrayList<>(columns);
        for (int i = 1; i <= columns; i++) {
            row.add(plain(found.getObject(i)));
        }
        return row;
    }

    /** Arrays and structs as lists. */
    private static @Nullable Object plain(@Nullable Object cell) throws SQLException {
        if (cell instanceof Array array) {
            return plain((Object[]) array.getArray());
        }
        return cell instanceof Struct struct ? plain(struct.getAttributes()) : cell;
    }

    private static List<@Nullable Object> plain(@Nullable Object[] cells) throws SQLException {
        List<@Nullable Object> plain = new ArrayList<>(cells.length);
        for (Object cell : cells) {
            plain.add(plain(cell));
        }
        return plain;
    }

    @Override
    public void close() throws SQLException {
        database.close();
    }

    static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }
}
