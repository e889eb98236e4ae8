package io.modelbatch.telemetry;

import io.micrometer.core.ipc.http.HttpUrlConnectionSender;
import io.micrometer.registry.otlp.OtlpConfig;
import io.micrometer.registry.otlp.OtlpHttpMetricsSender;
import io.micrometer.registry.otlp.OtlpMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sends metrics by OTLP.
 *
 * @param endpoint the collector
 * @param uri its address for metrics
 */
record OtlpMetrics(OtlpEndpoint endpoint, URI uri) implements OtlpConfig {
    /** Begins to send what is measured, at each interval and when it is closed. */
    OtlpMeterRegistry open() {
        return OtlpMeterRegistry.builder(this)
                .metricsSender(new OtlpHttpMetricsSender(
                        new HttpUrlConnectionSender(OtlpEndpoint.CONNECT, OtlpEndpoint.ANSWER)))
                .build();
    }

    @Override
    public String url() {
        return uri.toString();
    }

    @Override
    public Duration step() {
        return endpoint.interval();
    }

    @Override
    public Map<String, String> headers() {
        return endpoint.headers();
    }

    @Override
    public Map<String, String> resourceAttributes() {
        return endpoint.resource();
    }

    @Override
    public @Nullable String get(String key) {
        return null;
    }
}
