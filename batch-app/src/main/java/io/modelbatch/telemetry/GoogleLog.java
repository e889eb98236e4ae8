package io.modelbatch.telemetry;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Entries of Cloud Logging, as the agents of GKE and Cloud Run read them from lines of JSON.
 *
 * @param project the project in which traces are; empty where it is not known
 */
public record GoogleLog(Optional<String> project) {
    /** The property that says how lines look. */
    public static final String PROPERTY = "modelbatch.logs";

    /** Its value for these entries. */
    public static final String GOOGLE = "google";

    /** The labels by which entries are found. */
    public static final List<String> LABELS = List.of("run", "step", "partition", "worker");

    private static final String FIELD = "logging.googleapis.com/";

    /** The severities that are used here. */
    public enum Severity {
        DEBUG,
        INFO,
        NOTICE,
        WARNING,
        ERROR
    }

    /**
     * The fields of an entry, to which others may be added.
     *
     * @param labels some of {@link #LABELS}
     * @param trace the id of the trace that it belongs to
     */
    public Map<String, Object> entry(
            Instant time, Severity severity, String message, Map<String, String> labels, Optional<String> trace) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
        fields.put("severity", severity.name());
        fields.put("message", message);
        if (!labels.isEmpty()) {
            fields.put(FIELD + "labels", labels);
        }
        trace.ifPresent(id -> fields.put(
                FIELD + "trace",
                project.map(name -> "projects/" + name + "/traces/" + id).orElse(id)));
        return fields;
    }
}
