package io.modelbatch.warehouse.google;

import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.modelbatch.store.google.LoopbackHttp;
import io.modelbatch.store.google.TokenServer;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * BigQuery on loopback, as far as our warehouse uses it, with faults to order: the REST API for jobs and tables, the Storage Read API
 * for rows, both for Google's own clients. Tables are the same for every project. Rows are DuckDB's, and queries are those that DuckDB
 * can run.
 *
 * <p>Only the real service can prove these, which are built here as its documentation and its users tell: the words and positions in
 * its errors; that a dry run is refused for {@code maximumBytesBilled}; that WRITE_TRUNCATE keeps a table's creation time; whether an
 * expired session is NOT_FOUND or FAILED_PRECONDITION; what a query costs (here: the bytes of all tables that it names, 10 MiB of each
 * at least); the values of FARM_FINGERPRINT; NULL order, collation, rounding and overflow in queries; BIGNUMERIC beyond 38
 * digits; the digits of a fraction of a second by REST; quotas; how long time travel reaches (here: the last eight states of a table).
 */
public final class BigQueryServer implements AutoCloseable {
    /** A fault of a call. */
    public enum Fault {
        /** 503 or UNAVAILABLE before anything was done. */
        UNAVAILABLE,
        /** 429, or RESOURCE_EXHAUSTED that says when to come again, before anything was done. */
        TOO_MANY_REQUESTS,
        /** It was done, and the connection breaks before the answer. */
        LOST_ANSWER,
        /** The connection breaks in the middle of the answer, or half-way through a stream. */
        BROKEN_STREAM,
        /** A job ends with {@code backendError}. */
        JOB_BACKEND_ERROR,
        /** The answer takes a while. */
        SLOW,
        /** The service closes a stream half-way, as it does with one that was idle for an hour. */
        IDLE_STREAM,
        /** A stream's first message does not tell the schema. */
        NO_SCHEMA,
        /** The session of a stream ends before its time. */
        SESSION_EXPIRED
    }

    /** A permission that a caller may lack. */
    public enum Permission {
        CREATE_JOBS("bigquery.jobs.create"),
        CREATE_READ_SESSIONS("bigquery.readsessions.create"),
        GET_DATASETS("bigquery.datasets.get"),
        DELETE_DATASETS("bigquery.datasets.delete"),
        GET_TABLES("bigquery.tables.get"),
        READ_TABLES("bigquery.tables.getData"),
        CREATE_TABLES("bigquery.tables.create"),
        WRITE_TABLES("bigquery.tables.updateData"),
        UPDATE_TABLES("bigquery.tables.update"),
        DELETE_TABLES("bigquery.tables.delete");

        private final String code;

        Permission(String code) {
            this.code = code;
        }

        /** The service's name for it. */
        public String code() {
            return code;
        }
    }

    /** Where load jobs find the objects that they load. */
    @FunctionalInterface
    public interface LoadedObjects {
        /**
         * The bytes of a {@code gs://} object.
         *
         * @throws FileNotFoundException if there is none
         */
        byte[] bytes(URI object) throws IOException;

        /**
         * Where the bucket is; the EU where that is all the same.
         *
         * @throws java.nio.file.AccessDeniedException if the caller may not know, as without {@code storage.buckets.get}
         */
        default String location(String bucket) throws IOException {
            return "EU";
        }
    }

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final ServedFaults faults = new ServedFaults();
    private final ServedPermissions permissions = new ServedPermissions();
    private final ServedRows rows;
    private final ServedTables tables;
    private final ServedJobs jobs;
    private final ServedSessions sessions;
    private final ServedRest calls;
    private final ServedReads reads;
    private final HttpServer rest;
    private final Server storage;
    private final List<Runnable> entrances = new ArrayList<>();

    private BigQueryServer(Path folder, int port, LoadedObjects objects) throws IOException, SQLException {
        Files.createDirectories(folder);
        this.rows = ServedRows.open(folder);
        this.tables = new ServedTables(rows);
        this.jobs = new ServedJobs(
                new ServedQueries(tables, permissions),
                new ServedLoads(tables, permissions, objects, folder),
                permissions,
                threads);
        this.sessions = new ServedSessions(rows, tables, folder);
        this.calls = new ServedRest(jobs, tables, new ServedPages(rows, tables), permissions, faults);
        this.reads = new ServedReads(sessions, tables, permissions, faults, threads);
        this.rest = LoopbackHttp.server(port);
        rest.setExecutor(threads);
        rest.createContext("/", calls);
        rest.start();
        this.storage = NettyServerBuilder.forAddress(address(port == 0 ? 0 : port + 1))
                .executor(threads)
                .addService(reads)
                .build()
                .start();
    }

    private static InetSocketAddress address(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }

    /** Starts one without objects to load, that keeps its rows in a folder. */
    public static BigQueryServer start(Path folder) throws IOException, SQLException {
        return start(folder, 0, object -> {
            throw new FileNotFoundException(object.toString());
        });
    }

    /**
     * Starts one that keeps its rows in a folder.
     *
     * @param port of REST, and the next one is that of Storage Read; 0 for any two
     */
    public static BigQueryServer start(Path folder, int port, LoadedObjects objects) throws IOException, SQLException {
        return new BigQueryServer(folder, port, objects);
    }

    /** The value for {@code BigQueryOptions.setHost}. */
    public URI restAddress() {
        return URI.create("http://127.0.0.1:" + rest.getAddress().getPort());
    }

    /** The value for the read client's {@code setEndpoint}, without TLS. */
    public String storageAddress() {
        return "127.0.0.1:" + storage.getPort();
    }

    /**
     * Where callers with a token enter, over TLS.
     *
     * @param rest the address of REST
     * @param storage {@code host:port} of Storage Read
     */
    public record Entrance(URI rest, String storage) {}

    /** Opens a second entrance, over TLS and for callers with a token. */
    public Entrance guardedBy(TokenServer tokens) throws IOException, GeneralSecurityException {
        HttpServer guardedRest = tokens.guarded(calls);
        Server guardedStorage =
                tokens.guarded().executor(threads).addService(reads).build().start();
        entrances.add(() -> guardedRest.stop(0));
        entrances.add(guardedStorage::shutdownNow);
        return new Entrance(
                URI.create("https://127.0.0.1:" + guardedRest.getAddress().getPort()),
                "127.0.0.1:" + guardedStorage.getPort());
    }

    /** Makes a dataset. */
    public BigQueryServer dataset(String name, String location) throws SQLException {
        tables.dataset(name, location);
        return this;
    }

    /** The names of all datasets. */
    public List<String> datasets() {
        return tables.datasets();
    }

    /** Makes a table of a CSV, JSON lines or Parquet file; if there was one, it is gone, with its creation time and its past. */
    public void replaceTable(String dataset, String name, Path file) throws SQLException {
        dropTable(dataset, name);
        table(dataset, name, file);
    }

    /** Makes a table of a CSV, JSON lines or Parquet file. */
    public void table(String dataset, String name, Path file) throws SQLException {
        String select = tables.storable("SELECT * FROM " + ServedRows.literal(file.toString()));
        execute("CREATE TABLE " + new ServedName("", dataset, name).sql() + " AS " + select);
    }

    /** Removes a table. */
    public void dropTable(String dataset, String name) throws SQLException {
        tables.drop(new ServedName("", dataset, name));
    }

    /** Gives a table a row access policy of that name. No row is filtered by it. */
    public void rowAccessPolicy(String dataset, String table, String policy) {
        tables.addPolicy(new ServedName("", dataset, table), policy);
    }

    /** The names of a table's row access policies. */
    public List<String> rowAccessPolicies(String dataset, String table) {
        return tables.policies(new ServedName("", dataset, table));
    }

    /**
     * Runs a statement of DuckDB's, behind the back of whoever reads; tables are {@code dataset.table}. Structs hold no dates, times,
     * bytes or JSON here.
     */
    public void execute(String sql) throws SQLException {
        rows.execute(sql);
        tables.refresh(sql);
    }

    /** The result of a SELECT by DuckDB; arrays and structs as lists. */
    public List<List<@Nullable Object>> rows(String sql) throws SQLException {
        return rows.select(sql);
    }

    /** All jobs so far, the oldest first; no dry runs. */
    public List<ServedJob> jobs() {
        return jobs.all();
    }

    /** The number of jobs of a kind. */
    public long count(ServedJob.Kind kind) {
        return jobs.all().stream().filter(job -> job.kind() == kind).count();
    }

    /** The number of read sessions. */
    public int sessions() {
        return sessions.count();
    }

    /** From now on jobs run at least that long. */
    public void jobsTake(Duration duration) {
        jobs.take(duration);
    }

    /** Sessions live that long, from the next one on. */
    public void sessionsLive(Duration lifetime) {
        sessions.live(lifetime);
    }

    /** Sessions end after so many rows, those that are sent again counted again: a lifetime that depends on no clock. */
    public void sessionsBring(long rows) {
        sessions.bring(rows);
    }

    /** All sessions so far end. */
    public void expireSessions() {
        sessions.expireAll();
    }

    /**
     * From now on sessions for the same rows share what the first of them wrote, and differ in the batch that they begin with. For
     * benchmarks: only the first pays for the rows.
     */
    public BigQueryServer recording() {
        sessions.record();
        return this;
    }

    /** From now on nobody may do that. */
    public void deny(Permission permission) {
        permissions.deny(permission, ServedPermissions.ANYWHERE);
    }

    /** From now on nobody may do that in this project (jobs, sessions) or dataset (the rest). */
    public void deny(Permission permission, String place) {
        permissions.deny(permission, place);
    }

    /** Takes back all denials. */
    public void allowAll() {
        permissions.allowAll();
    }

    /** From now on that share of all calls fails, each in some way of these that is possible for it; in any way if none is named. */
    public void faults(double share, long seed, Fault... kinds) {
        faults.share(share, seed, List.of(kinds.length == 0 ? Fault.values() : kinds));
    }

    /** The next calls for which it is possible fail like this, one after the other. */
    public void order(Fault... ordered) {
        faults.order(List.of(ordered));
    }

    /** The next jobs end like this, as many as there are reasons, one after the other. */
    public void failJobs(String message, String... reasons) {
        for (String reason : reasons) {
            jobs.fail(new RefusedException(400, reason, message));
        }
    }

    /** The next REST calls are refused, so many of them. */
    public void refuse(int calls, int status, String reason, String message) {
        faults.refuse(calls, new RefusedException(status, reason, message));
    }

    /** From now on read sessions are refused like this, whoever asks. */
    public void refuseSessions(String message) {
        reads.refuse(message);
    }

    /** From now on somebody else asks, who may not see what others asked for. */
    public void actAs(String principal) {
        jobs.actAs(principal);
    }

    /** The number of faults, by kind. */
    public Map<Fault, Integer> injected() {
        return faults.injected();
    }

    @Override
    public void close() throws IOException, SQLException {
        rest.stop(0);
        storage.shutdownNow();
        entrances.forEach(Runnable::run);
        jobs.cancelAll();
        threads.shutdownNow();
        try {
            threads.awaitTermination(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sessions.close();
        rows.close();
    }
}
