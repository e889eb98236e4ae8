package io.modelbatch.cli;

import io.modelbatch.telemetry.GoogleLog;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The JSON line of an event. */
@FunctionalInterface
interface EventFormat {
    /** With the time and the name of the event before its fields. */
    EventFormat PLAIN = (time, event, fields, trace) -> {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("time", time.truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("event", event);
        line.putAll(fields);
        return line;
    };

    /** That of a command. */
    static EventFormat of(Optional<GoogleLog> google) {
        return google.<EventFormat>map(GoogleEvents::new).orElse(PLAIN);
    }

    /**
     * The fields of the line, in their order.
     *
     * @param trace the id of the trace that the event belongs to
     */
    Map<String, Object> line(Instant time, String event, Map<String, ?> fields, Optional<String> trace);
}
