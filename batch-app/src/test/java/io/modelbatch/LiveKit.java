package io.modelbatch;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import com.google.cloud.bigquery.BigQueryException;
import com.google.common.base.Throwables;
import com.google.common.util.concurrent.Uninterruptibles;
import io.modelbatch.base.SettingsException;
import io.modelbatch.google.GoogleProject;
import java.io.IOException;
import java.io.PrintStream;
import java.net.ConnectException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.channels.UnresolvedAddressException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import javax.net.ssl.SSLException;
import org.junit.platform.engine.CancellationToken;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherExecutionRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.slf4j.LoggerFactory;

/**
 * The live test kit: makes a place in a project of Google Cloud, holds the service to the contracts that the contract servers are held
 * to, runs the shipped jobs, prints what differs and removes the place.
 */
final class LiveKit {
    private static final int SAME = 0;
    private static final int DIFFERENT = 1;
    private static final int NOT_STARTED = 2;
    /** Tests wait for jobs most of their time. */
    private static final String PARALLELISM = "junit.jupiter.execution.parallel.config.fixed.parallelism";

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    /** After a signal. What a test still made after the place is removed would stay. */
    private static final Duration LAST_TESTS = Duration.ofMinutes(1);

    private final PrintStream out;
    private final Clock clock;

    private LiveKit(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
    }

    public static void main(String[] arguments) {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.ERROR);
        System.exit(new LiveKit(System.out, Clock.systemUTC()).run());
    }

    private int run() {
        try {
            LiveSettings settings = LiveSettings.of(System::getProperty);
            GoogleProject project =
                    settings.google("none", LivePlace.MOST_BYTES).googleProject();
            refuseUnreachable(settings.servers());
            out.println("Live test kit: project " + settings.project() + ", bucket " + settings.bucket() + ", location "
                    + settings.location() + ", as " + GoogleIdentity.accepted(project.credentials()) + ".");
            try (LivePlace place = LivePlace.open(settings, LiveName.begin(clock), project)) {
                return run(place);
            }
        } catch (SettingsException e) {
            out.println(e.getMessage());
        } catch (IOException | BigQueryException e) {
            out.println("The kit ended early: " + e.getMessage());
        }
        return NOT_STARTED;
    }

    private int run(LivePlace place) throws IOException {
        Instant begun = clock.instant();
        LiveCleaning cleaning = new LiveCleaning(place, clock, out);
        cleaning.removeLeftovers();
        out.println(LiveCost.bound());
        CancellationToken cancellation = CancellationToken.create();
        CountDownLatch tested = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            cancellation.cancel();
            ProcessHandle.current().descendants().forEach(ProcessHandle::destroy);
            Uninterruptibles.awaitUninterruptibly(tested, LAST_TESTS);
            cleaning.removeOwn();
        }));
        out.println("It removes what it makes, also after Ctrl-C. Should this machine fail before:");
        cleaning.commands().forEach(out::println);
        LiveDifferences differences = new LiveDifferences(out);
        boolean removed;
        try {
            place.make();
            out.println("Made datasets " + place.dataset() + " and " + place.datasetElsewhere() + ".");
            test(place.settings().parts(), differences, cancellation);
            out.println(LiveCost.spent(place, cleaning, begun));
        } finally {
            tested.countDown();
            removed = cleaning.removeOwn();
        }
        differences.print();
        return differences.isEmpty() && removed ? SAME : DIFFERENT;
    }

    private static void test(List<LivePart> parts, LiveDifferences differences, CancellationToken cancellation) {
        LauncherDiscoveryRequest tests = LauncherDiscoveryRequestBuilder.request()
                .selectors(parts.stream()
                        .map(part -> DiscoverySelectors.selectClass(part.tests()))
                        .toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .configurationParameter(PARALLELISM, "8")
                .build();
        LauncherFactory.create()
                .execute(LauncherExecutionRequestBuilder.request(tests)
                        .listeners(differences)
                        .cancellationToken(cancellation)
                        .build());
    }

    /** Clients try for minutes; this asks once. Any answer will do. */
    private static void refuseUnreachable(List<URI> servers) throws IOException {
        HttpClient client = HttpClient.newBuilder()
                .proxy(ProxySelector.getDefault())
                .connectTimeout(PATIENCE)
                .build();
        List<String> problems = new ArrayList<>();
        for (URI server : servers) {
            reason(client, server).ifPresent(reason -> problems.add(server.getAuthority() + " (" + reason + ")"));
        }
        if (!problems.isEmpty()) {
            throw new SettingsException("Not reachable from this machine: " + String.join(", ", problems)
                    + ". Nothing was made. Is there a way to the internet, or a proxy to be set, as by"
                    + " JAVA_TOOL_OPTIONS=-Dhttps.proxyHost=…?");
        }
    }

    private static Optional<String> reason(HttpClient client, URI server) {
        try {
            client.send(HttpRequest.newBuilder(server).timeout(PATIENCE).build(), BodyHandlers.discarding());
            return Optional.empty();
        } catch (HttpConnectTimeoutException e) {
            return Optional.of("no connection within " + PATIENCE.toSeconds() + " seconds");
        } catch (ConnectException e) {
            boolean unknown =
                    Throwables.getCausalChain(e).stream().anyMatch(UnresolvedAddressException.class::isInstance);
            return Optional.of(unknown ? "no such host" : "connection refused");
        } catch (SSLException e) {
            return Optional.of("TLS: " + e.getMessage());
        } catch (IOException e) {
            return Optional.empty(); // connected, and the answer is not for this client, as that of gRPC
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of("interrupted");
        }
    }
}
