package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import io.modelbatch.warehouse.google.ServedJob.Kind;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Jobs by project, location and id: inserted once, run in the background, cancelled. */
final class ServedJobs {
    private static final String DEFAULT_LOCATION = "US";
    private static final Duration INSISTENCE = Duration.ofMillis(50);

    private final ServedQueries queries;
    private final ServedLoads loads;
    private final ServedPermissions permissions;
    private final ExecutorService threads;
    private final Map<String, ServedJob> jobs = new ConcurrentHashMap<>();
    private final ConcurrentLinkedQueue<ServedJob> inOrder = new ConcurrentLinkedQueue<>();
    private final Queue<RefusedException> failures = new ConcurrentLinkedQueue<>();
    private volatile Duration duration = Duration.ZERO;
    private volatile String principal = "somebody@example.com";

    ServedJobs(ServedQueries queries, ServedLoads loads, ServedPermissions permissions, ExecutorService threads) {
        this.queries = queries;
        this.loads = loads;
        this.permissions = permissions;
        this.threads = threads;
    }

    void take(Duration longer) {
        duration = longer;
    }

    /** The next job ends like this. */
    void fail(RefusedException failure) {
        failures.add(failure);
    }

    /** From now on somebody else asks. */
    void actAs(String other) {
        principal = other;
    }

    List<ServedJob> all() {
        return List.copyOf(inOrder);
    }

    /** Those of the caller that were made since. */
    List<Map<String, Object>> since(String project, long millis) {
        return inOrder.stream()
                .filter(job -> job.owner().equals(principal) && job.project().equals(project))
                .filter(job -> job.created().toEpochMilli() >= millis)
                .map(ServedJob::json)
                .toList();
    }

    /** The answer to an insert: of a dry run what it would do. */
    Map<String, Object> insert(String project, JsonNode request, Optional<Fault> fault) {
        permissions.requireForJobs(project);
        JsonNode configuration = request.path("configuration");
        Kind kind = configuration.has("load") ? Kind.LOAD : Kind.QUERY;
        if (!configuration.has("load") && !configuration.has("query")) {
            throw new IllegalArgumentException("Neither a query nor a load: " + configuration);
        }
        JsonNode reference = request.path("jobReference");
        String location = location(reference, configuration);
        if (configuration.path("dryRun").asBoolean(false)) {
            return queries.dryRun(project, location, configuration);
        }
        String id = reference.path("jobId").asString(UUID.randomUUID().toString());
        ServedJob job =
                new ServedJob(project, id, location, kind, complete(project, id, kind, configuration), principal);
        if (jobs.putIfAbsent(key(project, location, id), job) != null) {
            throw RefusedException.duplicate("Job " + project + ":" + location + "." + id);
        }
        inOrder.add(job);
        Optional<RefusedException> failure = fault.equals(Optional.of(Fault.JOB_BACKEND_ERROR))
                ? Optional.of(new RefusedException(
                        503, "backendError", "Error encountered during execution. Retrying may solve the problem."))
                : Optional.ofNullable(failures.poll());
        Map<String, Object> inserted = job.json();
        threads.execute(() -> run(job, failure));
        return inserted;
    }

    private static String key(String project, String location, String id) {
        return (project + ":" + location + "." + id).toLowerCase(Locale.ROOT);
    }

    private String location(JsonNode reference, JsonNode configuration) {
        Optional<String> given = Optional.ofNullable(reference.path("location").asString(null));
        return given.or(() -> queries.locationOf(configuration)).orElse(DEFAULT_LOCATION);
    }

    /** With the type, and the table that the result of a query goes to where none is named. */
    private static JsonNode complete(String project, String id, Kind kind, JsonNode configuration) {
        ObjectNode complete = ((ObjectNode) configuration).deepCopy().put("jobType", kind.name());
        if (kind == Kind.QUERY && !configuration.path("query").has("destinationTable")) {
            ObjectNode table = JsonNodeFactory.instance.objectNode();
            table.put("projectId", project)
                    .put("datasetId", ServedQueries.ANONYMOUS)
                    .put("tableId", "anon" + Integer.toHexString(id.hashCode()) + "_" + id.replace('-', '_'));
            ((ObjectNode) complete.get("query")).set("destinationTable", table);
        }
        return complete;
    }

    private void run(ServedJob job, Optional<RefusedException> failure) {
        try {
            job.start();
            Thread.sleep(duration.toMillis());
            if (failure.isPresent()) {
                throw failure.get();
            }
            job.succeed(job.kind() == Kind.QUERY ? queries.run(job) : loads.run(job));
        } catch (RefusedException e) {
            job.fail(job.cancelled() ? stopped() : e);
        } catch (InterruptedException e) {
            job.fail(stopped());
        } catch (Exception e) {
            if (!job.cancelled()) {
                e.printStackTrace();
            }
            job.fail(job.cancelled() ? stopped() : new RefusedException(501, "notImplemented", e.toString()));
        }
    }

    /** The reason of a cancelled job by the page "Error messages" (bigquery/docs/error-messages). */
    private static RefusedException stopped() {
        return new RefusedException(499, "stopped", "Job execution was cancelled: User requested cancellation");
    }

    /**
     * A job of another location is not found; one of the US is found without naming its location. Whoever made a job may see it, and
     * owners of the project (REST API, jobs.get: "Requires that you're the person who ran the job, or have the Is Owner project role").
     */
    ServedJob find(String project, String id, Optional<String> location) {
        String name =
                "Job " + project + ":" + location.map(where -> where + ".").orElse("") + id;
        ServedJob job = Optional.ofNullable(jobs.get(key(project, location.orElse(DEFAULT_LOCATION), id)))
                .orElseThrow(() -> RefusedException.notFound(name));
        if (!job.owner().equals(principal)) {
            throw RefusedException.denied(name + ": Permission bigquery.jobs.get denied on "
                    + name.replaceFirst("J", "j") + " (or it may not exist).");
        }
        return job;
    }

    void cancel(ServedJob job) {
        job.cancel();
        threads.execute(() -> insist(job));
    }

    /** Cancels what runs, and waits for it. */
    void cancelAll() {
        inOrder.forEach(ServedJobs::insist);
    }

    private static void insist(ServedJob job) {
        try {
            while (!job.await(INSISTENCE)) {
                job.cancel();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
