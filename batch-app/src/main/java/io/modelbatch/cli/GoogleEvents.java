package io.modelbatch.cli;

import io.modelbatch.run.ExitCode;
import io.modelbatch.telemetry.GoogleLog;
import io.modelbatch.telemetry.GoogleLog.Severity;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** Events as entries of Cloud Logging: with a severity, a message, labels and the trace. */
record GoogleEvents(GoogleLog log) implements EventFormat {
    @Override
    public Map<String, Object> line(Instant time, String event, Map<String, ?> fields, Optional<String> trace) {
        Map<String, Object> line =
                log.entry(time, severity(event, fields), message(event, fields), labels(fields), trace);
        line.put("event", event);
        fields.forEach(line::putIfAbsent);
        return line;
    }

    private static Severity severity(String event, Map<String, ?> fields) {
        return switch (event) {
            case "warning", "waiting", "partitions-refused" -> Severity.WARNING;
            case "stopping" -> Severity.NOTICE;
            case "run-ended" -> ofExit(ExitCode.of((Integer) fields.get("exit")).orElse(ExitCode.FAILED));
            case "step-ended", "partition-ended" -> ofStatus(String.valueOf(fields.get("status")));
            default -> Severity.INFO;
        };
    }

    private static Severity ofExit(ExitCode exit) {
        return switch (exit) {
            case COMPLETED -> Severity.INFO;
            case STOPPED -> Severity.NOTICE;
            case HELD -> Severity.WARNING;
            case FAILED, USAGE, FAILED_FOR_GOOD -> Severity.ERROR;
        };
    }

    private static Severity ofStatus(String status) {
        return switch (status) {
            case "COMPLETED" -> Severity.INFO;
            case "STOPPED" -> Severity.NOTICE;
            default -> Severity.ERROR;
        };
    }

    /** A sentence of the event, or its name with what it is about. */
    private static String message(String event, Map<String, ?> fields) {
        Object words = Stream.of("cause", "message", "reason", "line")
                .<Object>map(fields::get)
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(() -> fields.containsKey("total")
                        ? fields.get("rows") + " of " + fields.get("total") + " rows"
                        : fields.containsKey("stage") ? fields.get("stage") : event.replace('-', ' '));
        return Stream.of("partition", "step", "run")
                .map(fields::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(about -> about + ": " + words)
                .orElse(words.toString());
    }

    private static Map<String, String> labels(Map<String, ?> fields) {
        Map<String, String> labels = new LinkedHashMap<>();
        GoogleLog.LABELS.stream()
                .filter(name -> fields.get(name) != null)
                .forEach(name -> labels.put(name, String.valueOf(fields.get(name))));
        if (fields.get("partition") instanceof String partition) {
            String[] halves = partition.split(":", 2);
            labels.put("step", halves[0]);
            labels.put("partition", halves[halves.length - 1]);
        }
        return labels;
    }
}
