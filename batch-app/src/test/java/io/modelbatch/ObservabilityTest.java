package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What a run that is observed shows while it runs. */
class ObservabilityTest {
    private static final List<String> PAGES = new ArrayList<>();
    private static int port;

    @TempDir
    private Path folder;

    @BeforeEach
    void choosePort() throws IOException {
        PAGES.clear();
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
    }

    /** Scrapes the page when a job ends, while the process is still there. */
    @Configuration(proxyBeanMethods = false)
    static class ScrapeAtEnd {
        @Bean
        ObservationHandler<Observation.Context> scrape() {
            return new ObservationHandler<>() {
                @Override
                public void onStop(Observation.Context context) {
                    if (context.getName().equals("spring.batch.job")) {
                        PAGES.add(get("/metrics").body());
                    }
                }

                @Override
                public boolean supportsContext(Observation.Context context) {
                    return true;
                }
            };
        }
    }

    @Test
    void countsTheRowsOfARun() {
        CommandLine.Ended run = SmallShop.open(folder)
                .with(ScrapeAtEnd.class)
                .run("job=predict", "day=2026-01-02", "--modelbatch.metrics.listen=" + port);

        assertThat(run.exit()).as(run.words()).isZero();
        assertThat(PAGES)
                .singleElement()
                .asString()
                .contains("modelbatch_rows_total{job_name=\"predict\",step=\"infer\"} 3.0");
    }

    /** A run that lasts seconds is over before anybody scrapes it: what it did is sent at its end. */
    @Test
    void sendsWhatAShortRunDidAtItsEnd() throws IOException {
        try (OtlpReceiver receiver = OtlpReceiver.start()) {
            CommandLine.Ended run = SmallShop.open(folder)
                    .run("job=predict", "day=2026-01-02", "--modelbatch.otlp.endpoint=" + receiver.address());

            assertThat(run.exit()).as(run.words()).isZero();
            assertThat(receiver.last())
                    .containsEntry("modelbatch.rows{job.name=predict,step=infer}", 3.0)
                    .containsEntry("modelbatch.rows.rejected{job.name=predict,step=infer}", 0.0);
            assertThat(receiver.resource())
                    .containsEntry("service.name", "modelbatch")
                    .containsKey("service.instance.id");
        }
    }

    @Test
    void aPortThatIsTakenDoesNotFailTheRun() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            CommandLine.Ended run = SmallShop.open(folder)
                    .run("job=predict", "day=2026-01-02", "--modelbatch.metrics.listen=" + taken.getLocalPort());

            assertThat(run.exit()).as(run.words()).isZero();
            assertThat(run.output()).contains("There are no metrics at 127.0.0.1:" + taken.getLocalPort());
        }
    }

    @Test
    void anEndpointThatDoesNotAnswerDoesNotFailTheRun() {
        CommandLine.Ended run = SmallShop.open(folder)
                .run("job=predict", "day=2026-01-02", "--modelbatch.otlp.endpoint=http://127.0.0.1:" + port);

        assertThat(run.exit()).as(run.words()).isZero();
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void refusesAddressesThatAreNone() {
        CommandLine.Ended run = SmallShop.open(folder)
                .run(
                        "job=predict",
                        "day=2026-01-02",
                        "--modelbatch.metrics.listen=localhost",
                        "--modelbatch.otlp.endpoint=grpc://me:secret@localhost:4317");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.errors())
                .contains("modelbatch.metrics.listen is 'localhost', which is not a port")
                .contains("modelbatch.otlp.endpoint is not an http or https address")
                .doesNotContain("secret");
    }

    private static HttpResponse<String> get(String path) {
        try {
            return HttpClient.newHttpClient()
                    .send(
                            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                                    .build(),
                            HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
