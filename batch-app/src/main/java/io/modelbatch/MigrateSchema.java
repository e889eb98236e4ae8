package io.modelbatch;

import io.modelbatch.run.claim.ClaimClock;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunProcess;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.BadSqlGrammarException;
import org.springframework.jdbc.core.JdbcTemplate;

/**
 * Makes the tables of the job repository, or brings them up to date. Flyway needs longer to start than to find out that there is
 * nothing to do, so it is only asked where its history lacks our newest script. A newer script than ours is refused.
 */
final class MigrateSchema {
    /** The version of the newest script in {@code sql/}. */
    static final String NEWEST = "12";

    private final DataSource repository;

    MigrateSchema(DataSource repository) {
        this.repository = repository;
    }

    /**
     * Returns when the tables are those of this version.
     *
     * @throws OtherVersionException when a newer version made them, or an older one has runs at work
     */
    void migrate() {
        JdbcTemplate jdbc = new JdbcTemplate(repository);
        Optional<Integer> applied = jdbc.execute(MigrateSchema::newest);
        int newest = Integer.parseInt(NEWEST);
        if (applied.isPresent() && applied.get() > newest) {
            throw OtherVersionException.newer(String.valueOf(applied.get()), NEWEST);
        }
        if (applied.isEmpty() || applied.get() < newest) {
            applied.ifPresent(older -> refuseWhileRunsAreAtWork());
            String scripts = Objects.requireNonNull(jdbc.execute(MigrateSchema::folderOfScripts));
            Flyway.configure().dataSource(repository).locations(scripts).load().migrate();
        }
    }

    /** A changed table is locked for its change. A process that is at work would wait for that, and may not know the table as it is then. */
    private void refuseWhileRunsAreAtWork() {
        Map<String, RunProcess> atWork;
        try {
            atWork = new HashMap<>(new Claims(repository, ClaimClock.DATABASE, lost -> {}).holders());
        } catch (BadSqlGrammarException noLeases) {
            return;
        }
        atWork.values().removeIf(RunProcess::gone);
        if (!atWork.isEmpty()) {
            throw OtherVersionException.atWork(NEWEST, atWork);
        }
    }

    private static String folderOfScripts(Connection connection) throws SQLException {
        return "classpath:db/migration/"
                + connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
    }

    /** The version of the newest script that was applied; empty where there are no tables. */
    private static Optional<Integer> newest(Connection connection) throws SQLException {
        String schema = connection.getSchema(); // where Flyway looks; another on the search path is not meant
        try (Statement statement = connection.createStatement();
                ResultSet history = statement.executeQuery("select max(cast(\"version\" as int)) from \"" + schema
                        + "\".\"flyway_schema_history\" where \"success\"")) {
            history.next();
            int newest = history.getInt(1);
            return history.wasNull() ? Optional.empty() : Optional.of(newest);
        } catch (SQLException noHistory) {
            return Optional.empty();
        }
    }
}
