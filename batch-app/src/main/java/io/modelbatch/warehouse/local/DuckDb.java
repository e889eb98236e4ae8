package io.modelbatch.warehouse.local;

import io.modelbatch.result.DuckDbLibrary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/** DuckDB as the local environment uses it: streaming, with bounded memory, and reading no file but those it was given. */
final class DuckDb {
    private static final String MEMORY = "1GB";
    /** DuckDB recurses; its own 1,000 levels overflow the stack of a Java thread, which ends the process. */
    private static final int DEPTH = 250;

    private DuckDb() {}

    /** An empty database in memory that spills to a folder. */
    static Connection open(Path spill) throws SQLException {
        Properties settings = new Properties();
        settings.setProperty("jdbc_stream_results", "true");
        Connection connection = DuckDbLibrary.open(settings);
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET memory_limit = '" + MEMORY + "'");
            statement.execute("SET temp_directory = " + literal(spill));
            statement.execute("SET max_expression_depth = " + DEPTH);
            statement.execute("SET autoinstall_known_extensions = false");
            statement.execute("SET TimeZone = 'UTC'");
            statement.execute("SET default_null_order = 'nulls_first_on_asc_last_on_desc'");
        }
        return connection;
    }

    /** From now on statements reach these folders and files only, and cannot change that. */
    static void lockDown(Connection connection, List<Path> folders, List<Path> files) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET allowed_directories = [" + literals(folders) + "]");
            statement.execute("SET allowed_paths = [" + literals(files) + patterns(files) + "]");
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
    }

    /** The name for a file where DuckDB takes patterns; it asks for that before it asks for the file. */
    private static String patterns(List<Path> files) {
        return files.stream().map(file -> ", " + file(file)).collect(Collectors.joining());
    }

    private static String literals(List<Path> paths) {
        return paths.stream().map(DuckDb::literal).collect(Collectors.joining(", "));
    }

    /** Reads these Parquet files, whatever characters and {@code key=value} folders their paths have. */
    static String parquet(Path... files) {
        return "read_parquet([" + Arrays.stream(files).map(DuckDb::file).collect(Collectors.joining(", "))
                + "], hive_partitioning = false)";
    }

    /**
     * A path where DuckDB would take a pattern. One with a backslash stays as it is: DuckDB takes that for a separator of a pattern,
     * and opens the file of that very name where no file fits the pattern.
     */
    static String file(Path path) {
        String text = path.toString();
        return literal(text.contains("\\") ? text : text.replaceAll("[\\[*?]", "[$0]"));
    }

    static String literal(Path path) {
        return literal(path.toString());
    }

    static String literal(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String name(String name) {
        return "\"" + name.replace("\"", "\"\"") + "\"";
    }
}
