package io.modelbatch.warehouse.google;

import io.grpc.Status;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;

/**
 * Read sessions. Each has its rows in another order than the one before, so that nobody can count on an order beyond a session; within
 * a session it stays.
 */
final class ServedSessions implements AutoCloseable {
    private final ServedRows rows;
    private final ServedTables tables;
    private final Path folder;
    private final BufferAllocator allocator = new RootAllocator();
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();
    private final Map<List<Object>, ServedBatches> recorded = new ConcurrentHashMap<>();
    private final AtomicInteger turns = new AtomicInteger();
    /** "Automatically expires 6 hours after it is created" (RPC reference, CreateReadSession). */
    private volatile Duration lifetime = Duration.ofHours(6);

    private final Map<String, Long> sent = new ConcurrentHashMap<>();
    private volatile long most = Long.MAX_VALUE;
    private volatile boolean recording;

    /** A session, whose stream begins with the batch of its turn. */
    record Session(String id, ServedBatches batches, int turn, Instant expires) {
        String stream() {
            return named("GgJ", turn, 16);
        }

        /** Where the row of that number is. */
        Position position(long offset) {
            long left = offset;
            int batch = 0;
            while (batch < batches.size() && left >= batches.rows(turned(batch))) {
                left -= batches.rows(turned(batch++));
            }
            if (left > 0 && batch == batches.size()) {
                // as measured by others: flink-connector-gcp, ADR-0079
                throw Status.FAILED_PRECONDITION
                        .withDescription("there was an error operating on '" + id + "': offset " + offset
                                + " has not been allocated yet")
                        .asRuntimeException();
            }
            return new Position(batch, (int) left);
        }

        ServedBatches.Message read(int batch, int without) throws IOException {
            return batches.read(turned(batch), without);
        }

        private int turned(int batch) {
            return (batch + turn) % batches.size();
        }
    }

    /** Behind so many batches and so many rows of the next one. */
    record Position(int batches, int rows) {}

    ServedSessions(ServedRows rows, ServedTables tables, Path folder) {
        this.rows = rows;
        this.tables = tables;
        this.folder = folder;
    }

    void live(Duration shorter) {
        lifetime = shorter;
    }

    void bring(long rows) {
        most = rows;
    }

    /** So many rows of a session were sent. */
    void sent(String id, int rows) {
        if (sent.merge(id, (long) rows, Long::sum) > most) {
            expire(id);
        }
    }

    void record() {
        recording = true;
    }

    int count() {
        return turns.get();
    }

    Session create(ServedName name, List<String> selected, String restriction, Instant snapshot)
            throws IOException, SQLException {
        int turn = turns.incrementAndGet();
        String id = named("CAIS", turn, 32);
        ServedBatches batches = batches("session" + turn, name, selected, restriction, snapshot, turn);
        Session session = new Session(id, batches, turn, Instant.now().plus(lifetime));
        sessions.put(id, session);
        return session;
    }

    /**
     * Real names are long, end in no number, and have upper case, digits, {@code -} and {@code _}, as users of the service print them:
     * <a href="https://github.com/GoogleCloudDataproc/spark-bigquery-connector/issues/684">spark-bigquery-connector#684</a>.
     */
    private static String named(String prefix, int turn, int bytes) {
        byte[] random = new byte[bytes];
        new Random(turn).nextBytes(random);
        return prefix + Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private ServedBatches batches(
            String id, ServedName name, List<String> selected, String restriction, Instant snapshot, int turn)
            throws IOException, SQLException {
        if (!recording) {
            return write(id, name, selected, restriction, snapshot, turn);
        }
        List<Object> key = List.of(name.sql(), tables.find(name).modified(), snapshot, selected, restriction);
        synchronized (recorded) {
            ServedBatches there = recorded.get(key);
            if (there == null) {
                there = write(id, name, selected, restriction, snapshot, 0);
                recorded.put(key, there);
            }
            return there;
        }
    }

    private ServedBatches write(
            String id, ServedName name, List<String> selected, String restriction, Instant snapshot, int turn)
            throws IOException, SQLException {
        List<ServedColumn> columns = columns(name, selected, snapshot);
        ServedSql where = ServedSql.translate(restriction, Map.of(), Optional.empty());
        String readable =
                String.join(", ", columns.stream().map(ServedColumn::readable).toList());
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found = tables.open(
                        statement, name, snapshot, readable, restriction.isEmpty() ? "" : "WHERE " + where.duckdb())) {
            return ServedBatches.write(allocator, columns, found, turn, folder.resolve(id + ".arrow"));
        } catch (SQLException e) {
            throw where.refused(e);
        }
    }

    /** In the order of the table, whatever the order of the request. */
    private List<ServedColumn> columns(ServedName name, List<String> selected, Instant snapshot) {
        List<ServedColumn> columns = tables.columns(name, snapshot);
        for (String field : selected) {
            if (columns.stream().noneMatch(column -> column.name().equals(field))) {
                throw RefusedException.invalid(
                        "request failed: The following selected fields do not exist in the table schema: " + field);
            }
        }
        return columns.stream()
                .filter(column -> selected.isEmpty() || selected.contains(column.name()))
                .toList();
    }

    Session find(String id) {
        Session session = sessions.get(id);
        if (session == null) {
            throw Status.NOT_FOUND
                    .withDescription("Requested entity was not found. Session not found: " + id)
                    .asRuntimeException();
        }
        if (!session.expires().isAfter(Instant.now())) {
            // the status and words of spark-bigquery-connector#684 and #1316
            throw Status.FAILED_PRECONDITION
                    .withDescription(
                            "there was an error operating on '" + id + "': session expired at " + session.expires())
                    .asRuntimeException();
        }
        return session;
    }

    void expire(String id) {
        sessions.computeIfPresent(
                id, (name, session) -> new Session(name, session.batches(), session.turn(), Instant.now()));
    }

    void expireAll() {
        sessions.keySet().forEach(this::expire);
    }

    @Override
    public void close() throws IOException {
        for (Session session : sessions.values()) {
            session.batches().close();
        }
        for (ServedBatches batches : recorded.values()) {
            batches.close();
        }
        allocator.close();
    }
}
