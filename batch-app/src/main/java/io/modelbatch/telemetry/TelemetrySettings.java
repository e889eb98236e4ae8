package io.modelbatch.telemetry;

import com.google.common.net.HostAndPort;
import io.modelbatch.base.SettingsException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Where metrics and traces go. Nowhere by default.
 *
 * @param scrape the address of the page that Prometheus scrapes
 * @param otlp the OTLP endpoint
 */
public record TelemetrySettings(Optional<InetSocketAddress> scrape, Optional<OtlpEndpoint> otlp) {
    /** The address of the page that Prometheus scrapes. */
    public static final String LISTEN = "modelbatch.metrics.listen";

    /** The address that metrics and traces are sent to. Takes precedence over OpenTelemetry's own variable. */
    public static final String ENDPOINT = "modelbatch.otlp.endpoint";

    private static final String LOOPBACK = "127.0.0.1";

    /** All that is wrong with the properties and variables; empty when they can be used. */
    public static List<String> problems(Function<String, @Nullable String> properties) {
        List<String> problems = new ArrayList<>();
        read(properties, problems);
        return problems;
    }

    /**
     * Reads properties and variables.
     *
     * @throws SettingsException with all problems
     */
    public static TelemetrySettings of(Function<String, @Nullable String> properties) {
        List<String> problems = new ArrayList<>();
        TelemetrySettings settings = read(properties, problems);
        if (!problems.isEmpty()) {
            throw new SettingsException(String.join("\n", problems));
        }
        return settings;
    }

    private static TelemetrySettings read(Function<String, @Nullable String> properties, List<String> problems) {
        return new TelemetrySettings(
                Optional.ofNullable(properties.apply(LISTEN)).flatMap(text -> address(text, problems)),
                OtlpEndpoint.read(properties, problems));
    }

    private static Optional<InetSocketAddress> address(String text, List<String> problems) {
        try {
            HostAndPort address = text.matches("\\d+")
                    ? HostAndPort.fromParts(LOOPBACK, Integer.parseInt(text))
                    : HostAndPort.fromString(text);
            if (address.hasPort() && address.getPort() > 0 && !address.getHost().isEmpty()) {
                return Optional.of(new InetSocketAddress(address.getHost(), address.getPort()));
            }
        } catch (IllegalArgumentException e) {
            // Said below.
        }
        problems.add(
                LISTEN + " is '" + text + "', which is not a port, such as 9464, or an address with a port, such as"
                        + " 0.0.0.0:9464. A port alone is for this machine only");
        return Optional.empty();
    }

    /** An http or https address; empty after a problem. */
    static Optional<URI> http(String name, String text, List<String> problems) {
        try {
            URI uri = new URI(text);
            if (List.of("http", "https").contains(uri.getScheme())
                    && uri.getHost() != null
                    && uri.getRawUserInfo() == null
                    && uri.getRawQuery() == null) {
                return Optional.of(uri);
            }
        } catch (URISyntaxException e) {
            // Said below.
        }
        // Without the value: an address may have a password.
        problems.add(name + " is not an http or https address without a password, such as http://localhost:4318;"
                + " a key goes into the variable OTEL_EXPORTER_OTLP_HEADERS");
        return Optional.empty();
    }
}
