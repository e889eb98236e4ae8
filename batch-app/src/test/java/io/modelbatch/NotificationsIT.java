package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notifications about a run whose process is stopped or killed. */
class NotificationsIT {
    private static final Duration AT_MOST = Duration.ofSeconds(10);

    @TempDir
    private Path folder;

    /** The server accepts connections and never answers. */
    @Test
    void aStopDoesNotWaitForAWebhookThatHangs() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            job(hanging.getLocalPort(), "sleep 600");
            BatchProcess working = BatchProcess.start(folder, "job=job");
            working.awaitOutput("\"step-started\"");

            Instant asked = Instant.now();
            working.terminate();
            BatchProcess.Ended stopped = working.await();

            assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
            assertThat(stopped.exit()).as(stopped.output()).isEqualTo(4);
            assertThat(stopped.output())
                    .contains("notify[0] was not told how this run ended: it does not answer in time", "run-ended");
        }
    }

    /** The run is complete, and stays so. */
    @Test
    void aStopWhileAWebhookHangsEndsTheProcess() throws Exception {
        try (ServerSocket hanging = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            job(hanging.getLocalPort(), "true");
            BatchProcess telling = BatchProcess.start(folder, "job=job");
            hanging.accept();

            Instant asked = Instant.now();
            telling.terminate();
            BatchProcess.Ended ended = telling.await();

            assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
            assertThat(ended.exit()).as(ended.output()).isZero();
        }
    }

    @Test
    void theNextStartTellsThatTheProcessDied() throws Exception {
        Queue<JsonNode> told = new ConcurrentLinkedQueue<>();
        HttpServer server = server(told);
        try {
            job(
                    server.getAddress().getPort(),
                    "test -f AGAIN || { touch AGAIN; sleep 600; }".replace("AGAIN", folder + "/again"));
            BatchProcess working = BatchProcess.start(folder, "job=job");
            working.awaitFile(folder.resolve("again"));
            assertThat(working.killAfter(Duration.ZERO)).isTrue();

            BatchProcess.Ended next = BatchProcess.run(folder, "job=job");

            assertThat(next.exit()).as(next.output()).isZero();
            assertThat(List.copyOf(told))
                    .extracting(body -> body.get("event").stringValue())
                    .containsExactly("failed", "completed");
            JsonNode died = told.remove();
            assertThat(died.get("run").stringValue()).isEqualTo("job-1");
            assertThat(died.get("exit").isNull()).isTrue();
            assertThat(died.get("cause").stringValue()).isEqualTo("The process ended before the run did");
        } finally {
            server.stop(0);
        }
    }

    private static HttpServer server(Queue<JsonNode> told) throws IOException {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            told.add(JsonMapper.shared().readTree(body));
            exchange.sendResponseHeaders(204, -1);
            exchange.close();
        });
        server.start();
        return server;
    }

    private void job(int port, String work) {
        new CommandLine(folder)
                .job("job", """
                notify: [{ url: "http://localhost:PORT/hook" }]
                steps:
                  - command: { run: [sh, -c, "WORK"] }
                """.replace("PORT", String.valueOf(port)).replace("WORK", work));
    }
}
