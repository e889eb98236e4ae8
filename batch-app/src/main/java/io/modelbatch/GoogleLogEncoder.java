package io.modelbatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.encoder.EncoderBase;
import io.modelbatch.telemetry.GoogleLog;
import io.modelbatch.telemetry.GoogleLog.Severity;
import io.modelbatch.telemetry.TraceParent;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.json.JsonMapper;

/** Writes what is logged as entries of Cloud Logging, which finds errors by their stack traces. */
final class GoogleLogEncoder extends EncoderBase<ILoggingEvent> {
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private final GoogleLog log;

    GoogleLogEncoder(GoogleLog log) {
        this.log = log;
    }

    @Override
    public byte[] encode(ILoggingEvent event) {
        Map<String, String> labels = new TreeMap<>(event.getMDCPropertyMap());
        labels.putAll(event.getLoggerContextVO().getPropertyMap());
        labels.keySet().retainAll(GoogleLog.LABELS);
        Map<String, Object> entry = log.entry(
                event.getInstant(),
                severity(event.getLevel()),
                event.getFormattedMessage(),
                labels,
                TraceParent.currentTrace());
        entry.put("logger", event.getLoggerName());
        entry.put("thread", event.getThreadName());
        if (event.getThrowableProxy() != null) {
            entry.put("stack_trace", ThrowableProxyUtil.asString(event.getThrowableProxy()));
        }
        return (JSON.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    private static Severity severity(Level level) {
        return switch (level.toInt()) {
            case Level.ERROR_INT -> Severity.ERROR;
            case Level.WARN_INT -> Severity.WARNING;
            case Level.INFO_INT -> Severity.INFO;
            default -> Severity.DEBUG;
        };
    }

    @Override
    public byte[] headerBytes() {
        return new byte[0];
    }

    @Override
    public byte[] footerBytes() {
        return new byte[0];
    }
}
