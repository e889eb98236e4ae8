package io.modelbatch.warehouse.google;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The REST API: routes calls, and makes their faults. */
final class ServedRest implements HttpHandler {
    private static final JsonMapper JSON = new JsonMapper();
    private static final String ROOT = "/bigquery/v2/projects/";
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    /** A job that ends this soon is found done by the first question. */
    private static final Duration PATIENCE = Duration.ofMillis(200);

    private static final List<String> TABLE_SETTINGS = List.of(
            "timePartitioning",
            "rangePartitioning",
            "clustering",
            "schema",
            "tableConstraints",
            "expirationTime",
            "labels",
            "description",
            "friendlyName");

    private final ServedJobs jobs;
    private final ServedTables tables;
    private final ServedDatasets datasets;
    private final ServedPages pages;
    private final ServedPermissions permissions;
    private final ServedFaults faults;

    /** Does what {@link Fault#LOST_ANSWER} says. */
    private static final class LostException extends IOException {}

    /** A call: its path below the project, its query, its body. */
    private record Call(String method, List<String> path, Map<String, String> query, JsonNode body) {
        String project() {
            return path.get(0);
        }

        /** The method, and the path below the project with its names as asterisks. */
        String route() {
            StringBuilder route = new StringBuilder(method);
            for (int i = 1; i < path.size(); i++) {
                route.append(i == 1 ? " " : "/").append(i % 2 == 0 ? "*" : path.get(i));
            }
            return route.toString();
        }
    }

    ServedRest(
            ServedJobs jobs,
            ServedTables tables,
            ServedPages pages,
            ServedPermissions permissions,
            ServedFaults faults) {
        this.jobs = jobs;
        this.tables = tables;
        this.datasets = new ServedDatasets(tables, permissions);
        this.pages = pages;
        this.permissions = permissions;
        this.faults = faults;
    }

    @Override
    public void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            try {
                Call call = call(exchange);
                faults.refuseIfOrdered();
                Optional<Fault> fault = faults.next(possible(call));
                refuseFor(fault);
                ServedFaults.pauseFor(fault);
                Object answer = answer(call, fault);
                if (fault.equals(Optional.of(Fault.LOST_ANSWER))) {
                    throw new LostException();
                }
                send(exchange, 200, answer, fault.equals(Optional.of(Fault.BROKEN_STREAM)) ? 2 : 1);
            } catch (RefusedException e) {
                refuse(exchange, e);
            } catch (LostException lost) {
                return; // closing it unanswered breaks the connection
            } catch (RuntimeException | SQLException e) {
                e.printStackTrace();
                refuse(exchange, new RefusedException(501, "notImplemented", "This server cannot do that: " + e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static Call call(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getRawPath();
        if (!path.startsWith(ROOT)) {
            throw new IllegalArgumentException(path);
        }
        String override = exchange.getRequestHeaders().getFirst("X-HTTP-Method-Override");
        InputStream body = exchange.getRequestBody();
        boolean packed = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
        byte[] bytes = (packed ? new GZIPInputStream(body) : body).readAllBytes();
        return new Call(
                override == null ? exchange.getRequestMethod() : override,
                Arrays.stream(path.substring(ROOT.length()).split("/"))
                        .map(ServedRest::decoded)
                        .toList(),
                query(exchange.getRequestURI().getRawQuery()),
                JSON.readTree(bytes.length == 0 ? "{}".getBytes(StandardCharsets.UTF_8) : bytes));
    }

    private static String decoded(String part) {
        return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private static Map<String, String> query(String text) {
        Map<String, String> values = new HashMap<>();
        for (String assignment : text == null ? new String[0] : text.split("&")) {
            int equals = assignment.indexOf('=');
            values.put(
                    decoded(assignment.substring(0, equals)),
                    URLDecoder.decode(assignment.substring(equals + 1), StandardCharsets.UTF_8));
        }
        return values;
    }

    private static List<Fault> possible(Call call) {
        List<Fault> possible = new ArrayList<>(List.of(
                Fault.UNAVAILABLE, Fault.TOO_MANY_REQUESTS, Fault.LOST_ANSWER, Fault.BROKEN_STREAM, Fault.SLOW));
        if (call.route().equals("POST jobs")
                && !call.body().path("configuration").path("dryRun").asBoolean(false)) {
            possible.add(Fault.JOB_BACKEND_ERROR);
        }
        return possible;
    }

    private static void refuseFor(Optional<Fault> fault) {
        if (fault.equals(Optional.of(Fault.UNAVAILABLE))) {
            throw new RefusedException(503, "backendError", "Error encountered during execution. Retrying may help.");
        }
        if (fault.equals(Optional.of(Fault.TOO_MANY_REQUESTS))) {
            throw new RefusedException(
                    429, "rateLimitExceeded", "Exceeded rate limits: too many api requests per user per method.");
        }
    }

    private Object answer(Call call, Optional<Fault> fault) throws SQLException, InterruptedException {
        return switch (call.route()) {
            case "POST jobs" -> jobs.insert(call.project(), call.body(), fault);
            case "GET jobs/*" -> job(call).json();
            case "POST jobs/*/cancel" -> cancel(call);
            case "GET queries/*" -> results(call);
            case "GET jobs" -> list(call);
            case "GET datasets" -> datasets.list(call.project());
            case "POST datasets" -> datasets.insert(call.project(), call.body());
            case "DELETE datasets/*" -> deleteDataset(call);
            case "GET datasets/*" -> datasets.get(call.project(), call.path().get(2));
            case "POST datasets/*/tables" -> insertTable(call);
            case "GET datasets/*/tables/*" -> describe(name(call), readable(call, Permission.GET_TABLES));
            case "POST datasets/*/tables/*" -> granted(call);
            case "PATCH datasets/*/tables/*" -> patch(call);
            case "DELETE datasets/*/tables/*" -> delete(call);
            case "GET datasets/*/tables/*/data" -> data(call);
            case "GET datasets/*/tables/*/rowAccessPolicies" -> new ServedPolicies(tables).list(name(call));
            default -> throw new IllegalArgumentException(call.route());
        };
    }

    private ServedJob named(Call call) {
        return jobs.find(
                call.project(),
                call.path().get(2),
                Optional.ofNullable(call.query().get("location")));
    }

    private ServedJob job(Call call) throws InterruptedException {
        ServedJob job = named(call);
        job.await(PATIENCE);
        return job;
    }

    private Object cancel(Call call) {
        ServedJob job = named(call);
        jobs.cancel(job);
        return Map.of("kind", "bigquery#jobCancelResponse", "job", job.json());
    }

    private Object results(Call call) throws SQLException, InterruptedException {
        ServedJob job = named(call);
        long wait = Long.parseLong(call.query().getOrDefault("timeoutMs", String.valueOf(LONGEST_WAIT_MILLIS)));
        boolean done = job.await(Duration.ofMillis(Math.min(wait, LONGEST_WAIT_MILLIS)));
        if (job.error().isPresent()) {
            throw job.error().get();
        }
        Map<String, Object> results = new LinkedHashMap<>();
        results.put("kind", "bigquery#getQueryResultsResponse");
        results.put("jobReference", job.reference());
        results.put("jobComplete", done);
        if (done) {
            ServedName table = ServedName.of(job.task().path("destinationTable"));
            results.put("schema", ServedColumn.schema(tables.columns(tables.find(table))));
            results.put("cacheHit", false);
            results.putAll(pages.page(table, call.query()));
        }
        return results;
    }

    private Object deleteDataset(Call call) throws SQLException {
        boolean contents = Boolean.parseBoolean(call.query().get("deleteContents"));
        return datasets.delete(call.project(), call.path().get(2), contents);
    }

    private Object list(Call call) {
        long since = Long.parseLong(call.query().getOrDefault("minCreationTime", "0"));
        return Map.of("kind", "bigquery#jobList", "jobs", jobs.since(call.project(), since));
    }

    private static ServedName name(Call call) {
        return new ServedName(call.project(), call.path().get(2), call.path().get(4));
    }

    private ServedTable readable(Call call, Permission permission) {
        permissions.requireForTable(permission, name(call));
        return tables.find(name(call));
    }

    private Object insertTable(Call call) throws SQLException {
        ServedName name = ServedName.of(call.body().path("tableReference"));
        permissions.requireForDataset(Permission.CREATE_TABLES, name.project(), name.dataset());
        return describe(
                name, tables.create(name, ServedColumn.schema(call.body().path("schema")), settings(call.body())));
    }

    /** {@code tables/x:testIamPermissions}. */
    private Object granted(Call call) {
        List<String> granted = new ArrayList<>();
        for (JsonNode asked : call.body().path("permissions")) {
            boolean denied = Arrays.stream(Permission.values())
                    .filter(permission -> permission.code().equals(asked.asString()))
                    .anyMatch(permission ->
                            permissions.denied(permission, call.path().get(2)));
            if (!denied) {
                granted.add(asked.asString());
            }
        }
        return Map.of("permissions", granted);
    }

    private Object patch(Call call) {
        readable(call, Permission.UPDATE_TABLES);
        return describe(name(call), tables.set(name(call), settings(call.body())));
    }

    private static Map<String, JsonNode> settings(JsonNode table) {
        Map<String, JsonNode> settings = new HashMap<>();
        TABLE_SETTINGS.stream().filter(table::has).forEach(name -> settings.put(name, table.get(name)));
        return settings;
    }

    private Object delete(Call call) throws SQLException {
        readable(call, Permission.DELETE_TABLES);
        tables.drop(name(call));
        return Map.of();
    }

    private Object data(Call call) throws SQLException {
        readable(call, Permission.READ_TABLES);
        Map<String, Object> page = new LinkedHashMap<>(pages.page(name(call), call.query()));
        page.put("kind", "bigquery#tableDataList");
        return page;
    }

    private Map<String, Object> describe(ServedName name, ServedTable table) {
        ServedTables.Size size = tables.size(table);
        Map<String, Object> json = new LinkedHashMap<>(table.settings());
        json.put("kind", "bigquery#table");
        json.put("id", name.toString());
        json.put("etag", table.etag());
        json.put("type", "TABLE");
        json.put(
                "tableReference",
                Map.of("projectId", name.project(), "datasetId", name.dataset(), "tableId", name.table()));
        json.remove(ServedTables.POLICIES);
        json.put("schema", ServedColumn.schema(tables.columns(table), table.schema()));
        json.put("numRows", String.valueOf(size.rows()));
        json.put("numBytes", String.valueOf(size.bytes()));
        json.put("creationTime", String.valueOf(table.created().toEpochMilli()));
        json.put("lastModifiedTime", String.valueOf(table.modified().toEpochMilli()));
        json.put("location", table.location());
        return json;
    }

    private static void refuse(HttpExchange exchange, RefusedException refused) throws IOException {
        String message = String.valueOf(refused.getMessage());
        Map<String, Object> error = Map.of("domain", "global", "reason", refused.reason(), "message", message);
        send(
                exchange,
                refused.status(),
                Map.of("error", Map.of("code", refused.status(), "message", message, "errors", List.of(error))),
                1);
    }

    /** As the service does for whoever accepts it, which Google's client does. */
    private static byte[] packed(HttpExchange exchange, byte[] json) throws IOException {
        String accepted = String.valueOf(exchange.getRequestHeaders().getFirst("Accept-Encoding"));
        if (!accepted.contains("gzip")) {
            return json;
        }
        exchange.getResponseHeaders().set("Content-Encoding", "gzip");
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(json);
        }
        return packed.toByteArray();
    }

    /** Of so many parts of the body the first. */
    private static void send(HttpExchange exchange, int status, Object answer, int parts) throws IOException {
        byte[] json = packed(exchange, JSON.writeValueAsBytes(answer));
        exchange.getResponseHeaders().set("Content-Type", "application/json; charset=UTF-8");
        exchange.sendResponseHeaders(status, json.length);
        exchange.getResponseBody().write(json, 0, json.length / parts);
        exchange.getResponseBody().flush();
    }
}
