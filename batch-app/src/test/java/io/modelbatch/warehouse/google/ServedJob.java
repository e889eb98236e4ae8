package io.modelbatch.warehouse.google;

import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A job, from its insert on. */
public final class ServedJob {
    /** As the service names them. */
    public enum State {
        PENDING,
        RUNNING,
        DONE
    }

    /** Its configuration. */
    public enum Kind {
        QUERY,
        LOAD
    }

    private final String project;
    private final String id;
    private final String location;
    private final Kind kind;
    private final JsonNode configuration;
    private final String owner;
    private final Instant created = Instant.now();
    private final CountDownLatch done = new CountDownLatch(1);
    private final Map<String, Object> statistics = new LinkedHashMap<>();
    private State state = State.PENDING;
    private boolean cancelled;
    private @Nullable Instant ended;
    private @Nullable RefusedException error;
    private @Nullable Statement running;
    private @Nullable Thread runner;

    ServedJob(String project, String id, String location, Kind kind, JsonNode configuration, String owner) {
        this.project = project;
        this.id = id;
        this.location = location;
        this.kind = kind;
        this.configuration = configuration;
        this.owner = owner;
    }

    /** The project that pays. */
    public String project() {
        return project;
    }

    /** The name that the client gave. */
    public String id() {
        return id;
    }

    /** Where it runs. */
    public String location() {
        return location;
    }

    /** Its configuration. */
    public Kind kind() {
        return kind;
    }

    /** As the client sent it, {@code query} or {@code load} and {@code labels} within. */
    public JsonNode configuration() {
        return configuration;
    }

    /** Its owner. */
    String owner() {
        return owner;
    }

    Instant created() {
        return created;
    }

    /** Its state. */
    public synchronized State state() {
        return state;
    }

    /** The reason of its failure, in the service's word, if it failed. */
    public synchronized Optional<String> failure() {
        return Optional.ofNullable(error).map(RefusedException::reason);
    }

    /** The query or load part of the configuration. */
    JsonNode task() {
        return configuration.path(kind.name().toLowerCase(Locale.ROOT));
    }

    synchronized Optional<RefusedException> error() {
        return Optional.ofNullable(error);
    }

    /** By the thread that is to run it. */
    synchronized void start() throws InterruptedException {
        if (cancelled) {
            throw new InterruptedException();
        }
        state = State.RUNNING;
        runner = Thread.currentThread();
    }

    /** The work that a cancel would have to end. */
    synchronized void running(Statement statement) throws SQLException {
        running = statement;
        if (cancelled) {
            throw new SQLException("cancelled");
        }
    }

    /** Ends what runs now; to be repeated, as a statement that is about to begin does not notice. */
    synchronized void cancel() {
        cancelled = true;
        if (runner != null) {
            runner.interrupt();
        }
        if (running != null) {
            try {
                running.cancel();
            } catch (SQLException ended) {
                running = null;
            }
        }
    }

    synchronized boolean cancelled() {
        return cancelled;
    }

    synchronized void succeed(Map<String, Object> achieved) {
        statistics.putAll(achieved);
        end();
    }

    synchronized void fail(RefusedException reason) {
        error = reason;
        end();
    }

    private void end() {
        state = State.DONE;
        ended = Instant.now();
        running = null;
        runner = null;
        done.countDown();
    }

    boolean await(Duration patience) throws InterruptedException {
        return done.await(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    synchronized Map<String, Object> json() {
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("kind", "bigquery#job");
        job.put("id", project + ":" + location + "." + id);
        job.put("jobReference", reference());
        job.put("configuration", configuration);
        job.put("status", status());
        job.put("statistics", statistics());
        job.put("user_email", owner);
        return job;
    }

    Map<String, Object> reference() {
        return Map.of("projectId", project, "jobId", id, "location", location);
    }

    private Map<String, Object> status() {
        Map<String, Object> status = new LinkedHashMap<>();
        status.put("state", state.name());
        if (error != null) {
            Map<String, Object> result =
                    Map.of("reason", error.reason(), "message", String.valueOf(error.getMessage()));
            status.put("errorResult", result);
            status.put("errors", List.of(result));
        }
        return status;
    }

    private Map<String, Object> statistics() {
        Map<String, Object> all = new LinkedHashMap<>(statistics);
        all.put("creationTime", String.valueOf(created.toEpochMilli()));
        if (state != State.PENDING) {
            all.put("startTime", String.valueOf(created.toEpochMilli()));
        }
        if (ended != null) {
            all.put("endTime", String.valueOf(ended.toEpochMilli()));
        }
        return all;
    }
}
