package io.modelbatch;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.stream.Stream;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/**
 * A run, and the page that Prometheus could scrape when its last step had ended.
 *
 * @param ended the end of the command
 * @param page the page
 */
record ScrapedRun(CommandLine.Ended ended, String page) {
    private static volatile int port;
    private static volatile String scraped = "";

    static ScrapedRun of(CommandLine shop, String... words) throws IOException {
        scraped = "";
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        String[] all = Stream.concat(Stream.of(words), Stream.of("--modelbatch.metrics.listen=" + port))
                .toArray(String[]::new);
        CommandLine.Ended ended = shop.with(ScrapeAtEnd.class).run(all);
        return new ScrapedRun(ended, scraped);
    }

    /** Scrapes while the process is still there. */
    @Configuration(proxyBeanMethods = false)
    static class ScrapeAtEnd {
        @Bean
        ObservationHandler<Observation.Context> scrape() {
            return new ObservationHandler<>() {
                @Override
                public void onStop(Observation.Context context) {
                    if (context.getName().equals("spring.batch.job")) {
                        scraped = get(URI.create("http://127.0.0.1:" + port + "/metrics"));
                    }
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            };
        }
    }

    /** The body of a page that is there. */
    static String get(URI uri) {
        try {
            HttpResponse<String> answer = HttpClient.newHttpClient()
                    .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new AssertionError(uri + " answers " + answer.statusCode() + ": " + answer.body());
            }
            return answer.body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
