package io.modelbatch;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Makes the tables of the job repository, or brings them up to date. Flyway needs longer to start than to find out that there is
 * nothing to do, so it is only asked where its history lacks our newest script.
 */
final class MigrateSchema {
    /** The version of the newest script in {@code sql/}. */
    static final String NEWEST = "12";

    private final DataSource repository;

    MigrateSchema(DataSource repository) {
        this.repository = repository;
    }

    void migrate() {
        new JdbcTemplate(repository).execute(MigrateSchema::folderOfScripts).ifPresent(this::migrate);
    }

    private void migrate(String scripts) {
        Flyway.configure().dataSource(repository).locations(scripts).load().migrate();
    }

    /** Empty when they need not be run. */
    private static Optional<String> folderOfScripts(Connection connection) throws SQLException {
        String database = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return isUpToDate(connection) ? Optional.empty() : Optional.of("classpath:db/migration/" + database);
    }

    private static boolean isUpToDate(Connection connection) throws SQLException {
        String schema = connection.getSchema(); // where Flyway looks; another on the search path is not meant
        try (PreparedStatement history = connection.prepareStatement(
                "select 1 from \"" + schema + "\".\"flyway_schema_history\" where \"version\" = ? and \"success\"")) {
            history.setString(1, NEWEST);
            try (ResultSet found = history.executeQuery()) {
                return found.next();
            }
        } catch (SQLException noHistory) {
            return false;
        }
    }
}
