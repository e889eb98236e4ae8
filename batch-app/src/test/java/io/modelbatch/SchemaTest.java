package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.Test;
import org.springframework.core.io.ClassPathResource;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DriverManagerDataSource;
import org.springframework.jdbc.datasource.init.ResourceDatabasePopulator;

/** The scripts in {@code sql/}: the same tables and indexes on both databases, by Flyway and by hand, and Spring Batch's own among them. */
class SchemaTest {
    @Test
    void bothDatabasesHaveTheSameTables() throws SQLException {
        assertThat(tables(migrated(postgres(), "postgresql", "latest")))
                .isEqualTo(tables(migrated(h2(), "h2", "latest")))
                .containsKeys("BATCH_JOB_INSTANCE", "BATCH_STEP_EXECUTION", "MODELBATCH_LEASE", "MODELBATCH_SHARD");
    }

    /** H2 has no partial indexes: there the same indexes have all rows. */
    @Test
    void twoIndexesOfPostgresqlArePartial() throws SQLException {
        assertThat(JdbcClient.create(migrated(postgres(), "postgresql", "latest"))
                        .sql("select indexname, split_part(indexdef, ' WHERE ', 2) from pg_indexes"
                                + " where schemaname = current_schema() and indexdef like '% WHERE %' order by 1")
                        .query((index, row) -> index.getString(1) + " where " + index.getString(2))
                        .list())
                .containsExactly("modelbatch_task_heartbeat where picked", "modelbatch_task_worker where picked");
    }

    @Test
    void theScriptsAloneMakeWhatFlywayMakes() throws Exception {
        assertThat(tables(byHand(postgres(), scripts("postgresql"))))
                .isEqualTo(tables(migrated(postgres(), "postgresql", "latest")));
        assertThat(tables(byHand(h2(), scripts("h2")))).isEqualTo(tables(migrated(h2(), "h2", "latest")));
    }

    @Test
    void theFirstScriptMakesSpringBatchsOwnTables() throws Exception {
        for (String database : List.of("h2", "postgresql")) {
            Resource springs = new ClassPathResource("org/springframework/batch/core/schema-" + database + ".sql");
            Resource ours = scripts(database).get(0);

            assertThat(tables(byHand(database.equals("h2") ? h2() : postgres(), List.of(ours))))
                    .isEqualTo(tables(byHand(database.equals("h2") ? h2() : postgres(), List.of(springs))));
        }
    }

    @Test
    void anOlderRepositoryKeepsItsRuns() throws SQLException {
        for (boolean isH2 : List.of(true, false)) {
            String vendor = isH2 ? "h2" : "postgresql";
            DataSource repository = migrated(isH2 ? h2() : postgres(), vendor, "1");
            try (Connection connection = repository.getConnection();
                    var statement = connection.createStatement()) {
                statement.execute("insert into BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY)"
                        + " values (7, 0, 'predict', 'key')");
            }

            migrated(repository, vendor, "latest");

            assertThat(tables(repository)).containsKey("MODELBATCH_SHARD");
            try (Connection connection = repository.getConnection();
                    var statement = connection.createStatement();
                    var found = statement.executeQuery("select JOB_NAME from BATCH_JOB_INSTANCE")) {
                assertThat(found.next()).isTrue();
                assertThat(found.getString(1)).isEqualTo("predict");
            }
        }
    }

    @Test
    void aCommandBringsAnOlderRepositoryUpToDate() throws Exception {
        for (boolean isH2 : List.of(true, false)) {
            DataSource empty = isH2 ? h2() : postgres();
            DataSource older = migrated(isH2 ? h2() : postgres(), isH2 ? "h2" : "postgresql", "2");

            for (DataSource repository : List.of(empty, older)) {
                new MigrateSchema(repository).migrate();
                new MigrateSchema(repository).migrate();

                assertThat(tables(repository)).isEqualTo(tables(byHand(h2(), scripts("h2"))));
            }
        }
    }

    @Test
    void theNewestScriptIsTheOneThatIsAskedFor() throws Exception {
        for (String vendor : List.of("h2", "postgresql")) {
            List<FileSystemResource> scripts = scripts(vendor);

            assertThat(scripts.get(scripts.size() - 1).getFilename()).startsWith("V" + MigrateSchema.NEWEST + "__");
        }
    }

    /** PostgreSQL takes a script back as a whole; H2 keeps what was done of it. */
    @Test
    void aScriptThatAKillEndedHalfWayIsRepeated() throws SQLException {
        DataSource repository = migrated(h2(), "h2", "latest");
        Map<String, Set<String>> whole = tables(repository);
        try (Connection connection = repository.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("delete from \"flyway_schema_history\"");
            statement.execute("drop table MODELBATCH_SHARD");
        }

        assertThat(tables(migrated(repository, "h2", "latest"))).isEqualTo(whole);
    }

    private static DataSource h2() {
        return new DriverManagerDataSource("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1", "sa", "");
    }

    private static DataSource postgres() throws SQLException {
        return new DriverManagerDataSource(PostgresServer.sharedDatabase(), "postgres", "postgres");
    }

    private static DataSource migrated(DataSource repository, String vendor, String version) {
        Flyway.configure()
                .dataSource(repository)
                .locations("classpath:db/migration/" + vendor)
                .target(version)
                .load()
                .migrate();
        return repository;
    }

    private static DataSource byHand(DataSource repository, List<? extends Resource> scripts) {
        new ResourceDatabasePopulator(scripts.toArray(Resource[]::new)).execute(repository);
        return repository;
    }

    private static List<FileSystemResource> scripts(String vendor) throws IOException {
        return MigrationScripts.of(vendor).stream().map(FileSystemResource::new).toList();
    }

    /** Of each table its columns, keys, references and indexes, in words that do not depend on the database. */
    private static Map<String, Set<String>> tables(DataSource repository) throws SQLException {
        Map<String, Set<String>> tables = new TreeMap<>();
        try (Connection connection = repository.getConnection()) {
            DatabaseMetaData all = connection.getMetaData();
            String schema = connection.getSchema();
            try (ResultSet found = all.getTables(null, schema, "%", new String[] {"TABLE", "BASE TABLE"})) {
                while (found.next()) {
                    String table = found.getString("TABLE_NAME");
                    if (!table.equals("flyway_schema_history")) {
                        tables.put(upper(table), describe(all, schema, table));
                    }
                }
            }
        }
        return tables;
    }

    private static Set<String> describe(DatabaseMetaData all, String schema, String table) throws SQLException {
        Set<String> words = new TreeSet<>();
        try (ResultSet column = all.getColumns(null, schema, table, "%")) {
            while (column.next()) {
                words.add("column " + upper(column.getString("COLUMN_NAME")) + " " + type(column) + " "
                        + column.getString("IS_NULLABLE"));
            }
        }
        try (ResultSet key = all.getPrimaryKeys(null, schema, table)) {
            while (key.next()) {
                words.add("primary key " + key.getInt("KEY_SEQ") + " " + upper(key.getString("COLUMN_NAME")));
            }
        }
        try (ResultSet key = all.getImportedKeys(null, schema, table)) {
            while (key.next()) {
                words.add(
                        upper(key.getString("FKCOLUMN_NAME")) + " references " + upper(key.getString("PKTABLE_NAME")));
            }
        }
        words.addAll(indexes(all, schema, table));
        return words;
    }

    /** Without those of primary keys, and those that H2 alone makes, one for each foreign key. */
    private static List<String> indexes(DatabaseMetaData all, String schema, String table) throws SQLException {
        Map<String, String> indexes = new TreeMap<>();
        try (ResultSet column = all.getIndexInfo(null, schema, table, false, false)) {
            while (column.next()) {
                String name =
                        upper(column.getString("INDEX_NAME")).replaceFirst("_INDEX_[0-9A-F]+$", ""); // H2's number
                if (!name.matches(".*_(PK|PKEY|FK)|PRIMARY_KEY_.*")) {
                    indexes.merge(
                            "index " + name + (column.getBoolean("NON_UNIQUE") ? "" : " unique"),
                            " " + upper(column.getString("COLUMN_NAME")) + " " + column.getString("ASC_OR_DESC"),
                            String::concat);
                }
            }
        }
        return indexes.entrySet().stream()
                .map(index -> index.getKey() + index.getValue())
                .toList();
    }

    /** Long texts are CLOB here and TEXT there, and a time with a zone is called a time in PostgreSQL. */
    private static String type(ResultSet column) throws SQLException {
        int size = column.getInt("COLUMN_SIZE");
        return switch (column.getInt("DATA_TYPE")) {
            case Types.CLOB -> "text";
            case Types.VARCHAR -> size > 1_000_000 ? "text" : "varchar " + size;
            case Types.BINARY, Types.VARBINARY -> "bytes";
            case Types.CHAR -> "char " + size;
            case Types.BIT, Types.BOOLEAN -> "boolean";
            case Types.BIGINT -> "bigint";
            case Types.INTEGER -> "int";
            case Types.SMALLINT -> "smallint";
            case Types.TIMESTAMP, Types.TIMESTAMP_WITH_TIMEZONE -> "timestamp";
            default -> column.getString("TYPE_NAME");
        };
    }

    private static String upper(String name) {
        return name.toUpperCase(Locale.ROOT);
    }
}
