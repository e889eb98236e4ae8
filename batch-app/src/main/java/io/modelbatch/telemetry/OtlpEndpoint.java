package io.modelbatch.telemetry;

import com.google.common.base.Splitter;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An OTLP endpoint, as OpenTelemetry's own variables describe it. Spoken is OTLP over HTTP, in protobuf.
 *
 * @param metrics where metrics are sent; empty when they are not
 * @param traces where traces are sent; empty when they are not
 * @param headers sent with each request; may be secrets
 * @param interval between two sendings of metrics
 * @param resource attributes of this process
 */
public record OtlpEndpoint(
        Optional<URI> metrics,
        Optional<URI> traces,
        Map<String, String> headers,
        Duration interval,
        Map<String, String> resource) {
    /** Patience with an endpoint: together no more than the last sending may take. */
    static final Duration CONNECT = Duration.ofSeconds(1);

    static final Duration ANSWER = Duration.ofSeconds(2);

    private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
    private static final String HEADERS = "OTEL_EXPORTER_OTLP_HEADERS";
    private static final String INTERVAL = "OTEL_METRIC_EXPORT_INTERVAL";
    private static final String RESOURCE = "OTEL_RESOURCE_ATTRIBUTES";
    private static final String SERVICE = "OTEL_SERVICE_NAME";
    private static final Duration MINUTE = Duration.ofMinutes(1);

    static Optional<OtlpEndpoint> read(Function<String, @Nullable String> properties, List<String> problems) {
        Optional<String> own = Optional.ofNullable(properties.apply(TelemetrySettings.ENDPOINT));
        String name = own.isPresent() ? TelemetrySettings.ENDPOINT : ENDPOINT;
        Optional<URI> base = own.or(() -> variable(properties, ENDPOINT))
                .flatMap(text -> TelemetrySettings.http(name, text, problems));
        if (base.isEmpty()
                || variable(properties, "OTEL_SDK_DISABLED")
                        .filter("true"::equals)
                        .isPresent()) {
            return Optional.empty();
        }
        Map<String, String> resource = pairs(properties, RESOURCE, problems);
        variable(properties, SERVICE).ifPresent(service -> resource.put("service.name", service));
        resource.putIfAbsent("service.name", "modelbatch");
        resource.putIfAbsent("service.instance.id", UUID.randomUUID().toString());
        return Optional.of(new OtlpEndpoint(
                signal(properties, base.get(), "metrics"),
                signal(properties, base.get(), "traces"),
                Map.copyOf(pairs(properties, HEADERS, problems)),
                variable(properties, INTERVAL)
                        .flatMap(text -> millis(text, problems))
                        .orElse(MINUTE),
                Map.copyOf(resource)));
    }

    private static Optional<URI> signal(Function<String, @Nullable String> properties, URI base, String signal) {
        return variable(properties, "OTEL_" + signal.toUpperCase(Locale.ROOT) + "_EXPORTER")
                        .filter("none"::equals)
                        .isPresent()
                ? Optional.empty()
                : Optional.of(URI.create(base.toString().replaceFirst("/$", "") + "/v1/" + signal));
    }

    private static Optional<Duration> millis(String text, List<String> problems) {
        if (text.matches("[1-9]\\d{0,8}")) {
            return Optional.of(Duration.ofMillis(Long.parseLong(text)));
        }
        problems.add(INTERVAL + " is '" + text + "', which is not a number of milliseconds");
        return Optional.empty();
    }

    private static Map<String, String> pairs(
            Function<String, @Nullable String> properties, String name, List<String> problems) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String pair : Splitter.on(',')
                .omitEmptyStrings()
                .trimResults()
                .split(variable(properties, name).orElse(""))) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                pairs.put(
                        pair.substring(0, equals).strip(),
                        decoded(pair.substring(equals + 1).strip()));
            } else {
                problems.add(name + " is not a list of name=value, separated by commas");
            }
        }
        return pairs;
    }

    private static String decoded(String value) {
        try {
            return URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return value;
        }
    }

    /** OpenTelemetry takes an empty variable for one that is not set. */
    private static Optional<String> variable(Function<String, @Nullable String> properties, String name) {
        return Optional.ofNullable(properties.apply(name)).filter(text -> !text.isBlank());
    }

    /** Without the headers, which may be secrets. */
    @Override
    public String toString() {
        return "OtlpEndpoint[metrics=" + metrics + ", traces=" + traces + "]";
    }
}
