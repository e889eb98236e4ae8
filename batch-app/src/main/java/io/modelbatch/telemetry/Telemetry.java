package io.modelbatch.telemetry;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.google.common.util.concurrent.Uninterruptibles;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The metrics and traces of this process, from their start to the last that is sent. Nothing that goes wrong here makes a run fail. */
public final class Telemetry implements AutoCloseable {
    /** A stop must not take long where nobody answers. */
    private static final Duration LAST_SENDING = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(Telemetry.class);

    private final TelemetrySettings settings;
    private final CompositeMeterRegistry meters;
    private final ObservationRegistry observations;
    private final List<AutoCloseable> open = new ArrayList<>();
    private boolean started;

    /**
     * Not started yet.
     *
     * @param observations observe the jobs and steps of Spring Batch
     * @param meters measure; they cost nothing before the start, and where nothing is switched on
     */
    public Telemetry(TelemetrySettings settings, ObservationRegistry observations, CompositeMeterRegistry meters) {
        this.settings = settings;
        this.observations = observations;
        this.meters = meters;
    }

    /**
     * Starts what is switched on. For commands that do work; those that look at runs have no metrics.
     *
     * @return warnings for the user: what could not be started
     */
    public synchronized List<String> start() {
        List<String> warnings = new ArrayList<>();
        if (!started) {
            started = true;
            settings.scrape().ifPresent(address -> listen(address, warnings));
            settings.otlp().ifPresent(endpoint -> {
                endpoint.metrics().ifPresent(uri -> add(new OtlpMetrics(endpoint, uri).open()));
                endpoint.traces().ifPresent(uri -> add(OtlpTraces.open(endpoint, uri)));
            });
            if (!meters.getRegistries().isEmpty()) {
                meters.config().meterFilter(ObservedSteps.withoutPartitions());
                observations.observationConfig().observationHandler(new ObservedSteps(meters));
            }
        }
        return warnings;
    }

    /** True when somebody may see what is measured. */
    public synchronized boolean isOn() {
        return !open.isEmpty();
    }

    private void listen(InetSocketAddress address, List<String> warnings) {
        try {
            ScrapeEndpoint endpoint = ScrapeEndpoint.open(address);
            open.add(endpoint);
            meters.add(endpoint.meters());
        } catch (IOException e) {
            warnings.add("There are no metrics at " + address.getHostString() + ":" + address.getPort() + " ("
                    + e.getMessage() + "). The work continues without them; " + TelemetrySettings.LISTEN
                    + " names another port");
        }
    }

    private void add(MeterRegistry registry) {
        open.add(registry::close);
        meters.add(registry);
    }

    private void add(OtlpTraces traces) {
        open.add(traces);
        observations.observationConfig().observationHandler(traces.handler());
    }

    /** Sends what was measured last, and waits for that a few seconds at most. */
    @Override
    public synchronized void close() {
        if (open.isEmpty()) {
            return;
        }
        ExecutorService closing = Executors.newCachedThreadPool(new ThreadFactoryBuilder()
                .setNameFormat("last-metrics")
                .setDaemon(true)
                .build());
        open.forEach(part -> closing.execute(() -> close(part)));
        open.clear();
        closing.shutdown();
        if (!Uninterruptibles.awaitTerminationUninterruptibly(closing, LAST_SENDING)) {
            log.warn("The last metrics were not sent within {}", LAST_SENDING);
        }
    }

    private static void close(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            log.warn("The last metrics could not be sent", e);
        }
    }
}
