package io.modelbatch.source;

import io.modelbatch.artifact.DuckDbLibrary;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
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
        }
        return connection;
    }

    /** From now on statements reach these folders only, and cannot change that. */
    static void lockDown(Connection connection, List<Path> folders) throws SQLException {
        String allowed = folders.stream().map(DuckDb::literal).collect(Collectors.joining(", "));
        try (Statement statement = connection.createStatement()) {
            statement.execute("SET allowed_directories = [" + allowed + "]");
            statement.execute("SET enable_external_access = false");
            statement.execute("SET lock_configuration = true");
        }
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
