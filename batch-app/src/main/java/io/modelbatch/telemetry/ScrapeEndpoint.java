package io.modelbatch.telemetry;

import com.google.common.util.concurrent.ThreadFactoryBuilder;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The page {@code /metrics} that Prometheus scrapes, while the process runs. */
final class ScrapeEndpoint implements AutoCloseable {
    private static final String PATH = "/metrics";
    private static final int NOT_FOUND = 404;
    private static final int OK = 200;

    private final HttpServer server;
    private final ExecutorService answering;
    private final PrometheusMeterRegistry meters = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);

    private ScrapeEndpoint(HttpServer server, ExecutorService answering) {
        this.server = server;
        this.answering = answering;
    }

    /** Listens at an address. */
    static ScrapeEndpoint open(InetSocketAddress address) throws IOException {
        ExecutorService answering = Executors.newSingleThreadExecutor(new ThreadFactoryBuilder()
                .setNameFormat("metrics")
                .setDaemon(true)
                .build());
        ScrapeEndpoint endpoint = new ScrapeEndpoint(HttpServer.create(address, 0), answering);
        endpoint.server.createContext("/", endpoint::answer);
        endpoint.server.setExecutor(answering);
        endpoint.server.start();
        return endpoint;
    }

    /** The meters of the page. */
    PrometheusMeterRegistry meters() {
        return meters;
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestURI().getPath().equals(PATH)) {
                exchange.sendResponseHeaders(NOT_FOUND, -1);
                return;
            }
            exchange.getResponseHeaders().set("Content-Type", "text/plain; version=0.0.4; charset=utf-8");
            exchange.sendResponseHeaders(OK, 0);
            try (OutputStream body = exchange.getResponseBody()) {
                meters.scrape(body);
            }
        }
    }

    @Override
    public void close() {
        server.stop(0);
        answering.shutdownNow();
        meters.close();
    }
}
