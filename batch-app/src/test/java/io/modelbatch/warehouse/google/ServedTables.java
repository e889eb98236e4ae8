package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * Datasets and tables. A change writes all rows again beside the old ones and then swaps the names, so it is atomic, and whoever reads
 * the old rows continues.
 */
final class ServedTables {
    /** The column of ingestion-time partitioning; {@code SELECT *} shows it here, and not in the real service. */
    static final String INGESTED = "_PARTITIONTIME";
    /** Names of row access policies, among the settings of a table. */
    static final String POLICIES = "rowAccessPolicies";
    /**
     * Removes what WRITE_TRUNCATE of a whole table does: "existing row access policies are removed"
     * (<a href="https://cloud.google.com/bigquery/docs/row-level-security-intro">row-level security</a>), "any existing policy tags are
     * removed" (<a href="https://cloud.google.com/bigquery/docs/column-level-security-intro">column-level security</a>), constraints and
     * schema are replaced.
     */
    private static final Set<String> TRUNCATED = Set.of("schema", "tableConstraints", POLICIES);

    private static final int STATES_KEPT = 8;

    private final ServedRows rows;
    private final Map<String, String> locations = new ConcurrentHashMap<>();
    private final Map<String, ServedTable> tables = new ConcurrentHashMap<>();
    private final Map<String, Size> sizes = new ConcurrentHashMap<>();
    private final AtomicLong names = new AtomicLong();
    private final ReentrantLock writing = new ReentrantLock();

    /** Of one state of a table. */
    record Size(long rows, long bytes) {}

    /** The policy where there is a table already. */
    enum Write {
        TRUNCATE,
        TRUNCATE_DATA,
        APPEND,
        EMPTY
    }

    /**
     * Rows to write.
     *
     * @param create not {@code CREATE_NEVER}
     * @param settings of the table, if it is new
     */
    record Change(ServedName table, String location, Write write, boolean create, Map<String, JsonNode> settings) {
        /**
         * False where a job makes the table's schema its own: WRITE_TRUNCATE of a whole table "overwrites the data, removes the
         * constraints, and uses the schema" of the job; of a partition, and WRITE_TRUNCATE_DATA, it "keeps the constraints and schema"
         * (<a href="https://cloud.google.com/bigquery/docs/reference/rest/v2/Job">REST, Job, writeDisposition</a>).
         */
        boolean keepsSchema() {
            return write != Write.TRUNCATE || !table.partition().isEmpty();
        }
    }

    /** The connection of a statement that a cancelled job ends. */
    interface Running {
        void statement(Statement statement) throws SQLException;
    }

    ServedTables(ServedRows rows) {
        this.rows = rows;
    }

    void dataset(String name, String location) throws SQLException {
        rows.execute("CREATE SCHEMA IF NOT EXISTS " + ServedRows.name(name));
        locations.put(name, location);
    }

    /** All but those that the service hides, as the one of results without a table. */
    List<String> datasets() {
        return locations.keySet().stream()
                .filter(name -> !name.startsWith("_"))
                .sorted()
                .toList();
    }

    boolean isEmpty(String dataset) {
        return tables.values().stream()
                .noneMatch(table -> table.name().dataset().equals(dataset));
    }

    /** With its tables. */
    void dropDataset(String name) throws SQLException {
        writing.lock();
        try {
            locations.remove(name);
            tables.values().removeIf(table -> table.name().dataset().equals(name));
            rows.execute("DROP SCHEMA IF EXISTS " + ServedRows.name(name) + " CASCADE");
        } finally {
            writing.unlock();
        }
    }

    /** The dataset's location. */
    String location(String project, String dataset) {
        return Optional.ofNullable(locations.get(dataset))
                .orElseThrow(() -> RefusedException.notFound("Dataset " + project + ":" + dataset));
    }

    void requireLocation(String project, String dataset, String location) {
        String actual = locations.get(dataset);
        if (actual == null || !actual.equalsIgnoreCase(location)) {
            throw RefusedException.notFound(
                    "Dataset " + project + ":" + dataset + " was not found in location " + location);
        }
    }

    Optional<String> knownLocation(String dataset) {
        return Optional.ofNullable(locations.get(dataset));
    }

    Optional<ServedTable> lookUp(ServedName name) {
        return Optional.ofNullable(tables.get(name.withoutPartition().sql())).filter(table -> !table.expired());
    }

    ServedTable find(ServedName name) {
        location(name.project(), name.dataset());
        return lookUp(name).orElseThrow(() -> RefusedException.notFound("Table " + name.withoutPartition()));
    }

    /** As {@link #find}, for a job, whose message says where it looked. */
    ServedTable find(ServedName name, String location) {
        requireLocation(name.project(), name.dataset(), location);
        return lookUp(name)
                .orElseThrow(
                        () -> RefusedException.notFound("Table " + name + " was not found in location " + location));
    }

    List<ServedColumn> columns(ServedTable table) {
        List<ServedColumn> declared = ServedColumn.schema(table.schema());
        return columns(table.rows()).stream().map(column -> column.in(declared)).toList();
    }

    /**
     * A whole table is replaced, with its schema, by whoever may update it; to write rows {@code updateData} is enough. Measured by
     * <a href="https://github.com/flink-gcp/flink-connector-gcp">flink-connector-gcp</a> (ADR-0183), of a table that is there. For one
     * that is not, BigQuery's page loading-data-cloud-storage-parquet lists the same permission; whether it is asked for is not proved.
     */
    void requireToWrite(Change change, ServedPermissions permissions) {
        ServedName table = change.table();
        if (lookUp(table).isEmpty()) {
            permissions.requireForDataset(Permission.CREATE_TABLES, table.project(), table.dataset());
        }
        if (change.write() == Write.TRUNCATE) {
            permissions.requireForTable(Permission.UPDATE_TABLES, table);
        }
        permissions.requireForTable(Permission.WRITE_TABLES, table);
    }

    /** Rows that go into a day of a table must be of that day, where the table has a column that says it. */
    void refuseOtherDays(String partition, Map<String, JsonNode> settings, String source) throws SQLException {
        if (partition.isEmpty() || ingests(settings)) {
            return;
        }
        String column = settings.get("timePartitioning").path("field").asString();
        if (!describe("SELECT * FROM " + source).containsKey(column)) {
            throw RefusedException.invalid(
                    "Missing partition column " + column + " in the rows for partition " + partition);
        }
        String others =
                source + " WHERE CAST(" + ServedRows.name(column) + " AS DATE) IS DISTINCT FROM " + day(partition);
        if (count(others) > 0) {
            throw RefusedException.invalid(
                    "Some rows belong to different partitions rather than destination partition " + partition);
        }
    }

    /** The kinds of models that {@link #open} makes. */
    synchronized List<ServedColumn> columns(ServedName name, Instant when) {
        return columns(rowsAt(name, when));
    }

    private List<ServedColumn> columns(String state) {
        try {
            return describe("SELECT * FROM " + state).entrySet().stream()
                    .map(column -> ServedColumn.of(column.getKey(), column.getValue()))
                    .filter(column -> !column.name().equals(INGESTED))
                    .toList();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The columns of a SELECT and DuckDB's names for their types. */
    Map<String, String> describe(String select) throws SQLException {
        Map<String, String> types = new LinkedHashMap<>();
        for (List<?> column : rows.select("DESCRIBE " + select)) {
            types.put((String) column.get(0), (String) column.get(1));
        }
        return types;
    }

    /** A SELECT of the same columns in the types of tables. */
    String storable(String select) throws SQLException {
        Map<String, String> types = describe(select);
        return types.keySet().stream()
                .map(name -> ServedColumn.of(name, types.get(name)).stored(types.get(name)))
                .collect(Collectors.joining(", ", "SELECT ", " FROM (" + select + ")"));
    }

    /** The number of rows of a FROM clause. */
    long count(String from) throws SQLException {
        return (Long) rows.select("SELECT count(*) FROM " + from).get(0).get(0);
    }

    Size size(ServedTable table) {
        return sizes.computeIfAbsent(table.rows() + table.modified(), state -> measure(table));
    }

    private Size measure(ServedTable table) {
        String bytes = columns(table).stream().map(ServedColumn::bytes).reduce("0", (sum, more) -> sum + " + " + more);
        try {
            List<?> size = rows.select("SELECT count(*), CAST(" + bytes + " AS BIGINT) FROM " + table.rows())
                    .get(0);
            return new Size((Long) size.get(0), (Long) size.get(1));
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    ServedTable create(ServedName name, List<ServedColumn> columns, Map<String, JsonNode> settings)
            throws SQLException {
        String location = location(name.project(), name.dataset());
        if (lookUp(name).isPresent()) {
            throw RefusedException.duplicate("Table " + name);
        }
        ServedPartitions.refuseRanges(settings);
        List<String> definitions = new ArrayList<>();
        columns.forEach(column -> definitions.add(ServedRows.name(column.name()) + " " + column.duckdb()));
        if (ingests(settings)) {
            definitions.add(ServedRows.name(INGESTED) + " TIMESTAMPTZ");
        }
        writing.lock();
        try {
            drop(name);
            rows.execute("CREATE TABLE " + name.sql() + " (" + String.join(", ", definitions) + ")");
            Instant now = Instant.now();
            return register(name, location, now, now, settings);
        } finally {
            writing.unlock();
        }
    }

    static boolean ingests(Map<String, JsonNode> settings) {
        JsonNode partitioning = settings.get("timePartitioning");
        return partitioning != null && !partitioning.has("field");
    }

    ServedTable set(ServedName name, Map<String, JsonNode> changed) {
        ServedTable table = find(name);
        Map<String, JsonNode> settings = new HashMap<>(table.settings());
        settings.putAll(changed);
        settings.values().removeIf(JsonNode::isNull);
        ServedTable set = new ServedTable(table.name(), table.location(), table.created(), settings, table.states());
        tables.put(table.name().sql(), set);
        return set;
    }

    void addPolicy(ServedName name, String policy) {
        ArrayNode policies = JsonNodeFactory.instance.arrayNode();
        policies(name).forEach(policies::add);
        set(name, Map.of(POLICIES, policies.add(policy)));
    }

    List<String> policies(ServedName name) {
        JsonNode policies = find(name).settings().get(POLICIES);
        return policies == null
                ? List.of()
                : policies.valueStream().map(JsonNode::asString).toList();
    }

    /** With everything that it was before. */
    void drop(ServedName name) throws SQLException {
        writing.lock();
        try {
            ServedTable table = tables.remove(name.sql());
            for (String state :
                    table == null ? List.of(name.sql()) : table.states().values()) {
                rows.execute("DROP TABLE IF EXISTS " + state);
            }
        } finally {
            writing.unlock();
        }
    }

    /**
     * Writes the rows of a SELECT.
     *
     * @return how many
     */
    long write(Change change, String select, Running running) throws SQLException, InterruptedException {
        writing.lockInterruptibly();
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement()) {
            running.statement(statement);
            return write(change, select, statement);
        } finally {
            writing.unlock();
        }
    }

    private long write(Change change, String select, Statement statement) throws SQLException {
        ServedName name = change.table().withoutPartition();
        requireLocation(name.project(), name.dataset(), change.location());
        Optional<ServedTable> there = lookUp(name);
        refuse(change, there);
        String made = ServedRows.name(name.dataset()) + "." + ServedRows.name("new$" + names.incrementAndGet());
        try {
            statement.execute("CREATE TABLE " + made + " AS " + select);
            long added = count(statement, made);
            Map<String, JsonNode> settings = there.map(ServedTable::settings).orElse(change.settings());
            ServedPartitions.refuseJob(partitions(statement, settings, made));
            if (there.isPresent() && !keeps(change, there.get()).isEmpty()) {
                statement.execute("INSERT INTO " + made + " BY NAME SELECT * FROM "
                        + there.get().rows() + " WHERE " + keeps(change, there.get()));
            }
            ServedPartitions.refuseTable(name, partitions(statement, settings, made));
            swap(name, made, there, change);
            return added;
        } catch (SQLException | RuntimeException e) {
            rows.execute("DROP TABLE IF EXISTS " + made);
            throw e;
        }
    }

    private static long partitions(Statement statement, Map<String, JsonNode> settings, String rows)
            throws SQLException {
        Optional<String> partition = ServedPartitions.of(settings);
        return partition.isEmpty()
                ? 1
                : count(statement, "(SELECT DISTINCT " + partition.get() + " FROM " + rows + ")");
    }

    private void refuse(Change change, Optional<ServedTable> there) {
        ServedPartitions.refuseRanges(change.settings());
        if (there.isEmpty() && !change.create()) {
            throw RefusedException.notFound(
                    "Table " + change.table() + " was not found in location " + change.location());
        }
        if (there.isPresent()
                && change.write() == Write.EMPTY
                && size(there.get()).rows() > 0) {
            throw RefusedException.duplicate("Table " + change.table());
        }
    }

    /** Which of the old rows stay; nothing where none do. */
    private static String keeps(Change change, ServedTable there) {
        if (change.write() == Write.APPEND) {
            return "true";
        }
        if (change.write() == Write.EMPTY || change.table().partition().isEmpty()) {
            return "";
        }
        return "CAST(" + ServedRows.name(there.partitionColumn().orElseThrow()) + " AS DATE) IS DISTINCT FROM "
                + day(change.table().partition());
    }

    /** A partition's day as a literal. */
    static String day(String partition) {
        if (!partition.matches("\\d{8}")) {
            throw RefusedException.invalid("Invalid partition id: " + partition);
        }
        return "DATE '" + partition.replaceFirst("(....)(..)(..)", "$1-$2-$3") + "'";
    }

    private void swap(ServedName name, String made, Optional<ServedTable> there, Change change) throws SQLException {
        List<String> swap = new ArrayList<>();
        String old = name.table() + "$" + names.incrementAndGet();
        if (there.isPresent()) {
            swap.add("ALTER TABLE " + name.sql() + " RENAME TO " + ServedRows.name(old));
        } else {
            swap.add("DROP TABLE IF EXISTS " + name.sql()); // one that expired
        }
        swap.add("ALTER TABLE " + made + " RENAME TO " + ServedRows.name(name.table()));
        synchronized (this) {
            rows.executeTogether(swap);
            if (there.isEmpty()) {
                Instant now = Instant.now();
                register(name, change.location(), now, now, change.settings());
            } else {
                push(written(there.get(), change), ServedRows.name(name.dataset()) + "." + ServedRows.name(old));
            }
        }
    }

    private static ServedTable written(ServedTable table, Change change) {
        if (change.keepsSchema()) {
            return table;
        }
        Map<String, JsonNode> settings = new HashMap<>(table.settings());
        settings.keySet().removeAll(TRUNCATED);
        Optional.ofNullable(change.settings().get("schema")).ifPresent(schema -> settings.put("schema", schema));
        return new ServedTable(table.name(), table.location(), table.created(), Map.copyOf(settings), table.states());
    }

    /** A new state; the one before it got another name. */
    private void push(ServedTable table, String old) throws SQLException {
        TreeMap<Instant, String> states = new TreeMap<>(table.states());
        states.put(states.lastKey(), old);
        states.put(after(states.lastKey()), table.name().sql());
        if (states.size() > STATES_KEPT) {
            rows.execute("DROP TABLE " + states.pollFirstEntry().getValue());
        }
        tables.put(
                table.name().sql(),
                new ServedTable(table.name(), table.location(), table.created(), table.settings(), states));
    }

    private static Instant after(Instant before) {
        Instant now = Instant.now();
        return now.isAfter(before) ? now : before.plusNanos(1_000);
    }

    private ServedTable register(
            ServedName name, String location, Instant created, Instant modified, Map<String, JsonNode> settings) {
        TreeMap<Instant, String> states = new TreeMap<>(Map.of(modified, name.sql()));
        ServedTable table = new ServedTable(name, location, created, Map.copyOf(settings), states);
        tables.put(name.sql(), table);
        return table;
    }

    /** A cursor over what the table holds, or held then; open before a swap could give its name to other rows; the rest is WHERE or LIMIT. */
    synchronized ResultSet open(Statement statement, ServedName name, Instant when, String columns, String rest)
            throws SQLException {
        return statement.executeQuery("SELECT " + columns + " FROM " + rowsAt(name, when) + " " + rest);
    }

    private String rowsAt(ServedName name, Instant when) {
        return find(name)
                .rowsAt(when)
                .orElseThrow(() -> RefusedException.invalid(
                        "Table " + name + " has no rows of " + when + ": it is younger, or that is too long ago"));
    }

    private static long count(Statement statement, String table) throws SQLException {
        try (ResultSet count = statement.executeQuery("SELECT count(*) FROM " + table)) {
            count.next();
            return count.getLong(1);
        }
    }

    /** Knows again what is there after a test's own statement, which may have changed any table whose name it has. */
    synchronized void refresh(String statement) throws SQLException {
        for (List<?> found : rows.select("SELECT schema_name, table_name FROM duckdb_tables()")) {
            ServedName name = new ServedName("", (String) found.get(0), (String) found.get(1));
            boolean ours =
                    locations.containsKey(name.dataset()) && !name.table().contains("$");
            if (ours && !tables.containsKey(name.sql())) {
                Instant now = Instant.now();
                register(name, locations.getOrDefault(name.dataset(), ""), now, now, Map.of());
            } else if (ours && statement.contains(name.table())) {
                ServedTable table = find(name);
                register(name, table.location(), table.created(), after(table.modified()), table.settings());
            }
        }
        tables.values().removeIf(table -> !exists(table.name()));
    }

    private boolean exists(ServedName name) {
        try {
            rows.execute("SELECT 1 FROM " + name.sql() + " LIMIT 0");
            return true;
        } catch (SQLException e) {
            return false;
        }
    }
}
