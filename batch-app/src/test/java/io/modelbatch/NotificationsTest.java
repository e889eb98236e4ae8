package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.hash.Hashing;
import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpServer;
import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Webhooks of jobs, with a real server. */
class NotificationsTest {
    @TempDir
    private Path folder;

    private final Queue<Received> received = new ConcurrentLinkedQueue<>();
    private final Queue<Integer> answers = new ConcurrentLinkedQueue<>();
    private HttpServer server;
    private CommandLine shop;

    private record Received(Headers headers, String body) {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }
    }

    @BeforeEach
    void open() throws IOException {
        shop = new CommandLine(folder);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            received.add(new Received(exchange.getRequestHeaders(), body));
            Integer status = answers.poll();
            exchange.getResponseHeaders().add("Location", "/elsewhere");
            exchange.sendResponseHeaders(status == null ? 204 : status, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void close() {
        server.stop(0);
    }

    @Test
    void aFailureAndASuccessAreToldOnceAndSigned() {
        job("[sh, -c, 'test -f again || { touch again; exit 1; }']", "secret-from: PATH");

        assertThat(shop.run("job=job").exit()).isEqualTo(3);
        assertThat(shop.run("job=job").exit()).isZero();

        List<Received> told = List.copyOf(received);
        assertThat(told).hasSize(2);
        JsonNode failed = told.get(0).json();
        assertThat(failed.get("version").intValue()).isEqualTo(1);
        assertThat(failed.get("event").stringValue()).isEqualTo("failed");
        assertThat(failed.get("run").stringValue()).isEqualTo("job-1");
        assertThat(failed.get("job").stringValue()).isEqualTo("job");
        assertThat(failed.get("exit").intValue()).isEqualTo(3);
        assertThat(failed.get("cause").stringValue()).contains("exit code 1");
        assertThat(failed.at("/next/0/command").stringValue()).contains("job=job");
        assertThat(failed.get("report").stringValue()).endsWith("report.json");
        assertThat(told.get(1).json().get("event").stringValue()).isEqualTo("completed");
        for (Received each : told) {
            String timestamp = each.headers().getFirst("Modelbatch-Timestamp");
            assertThat(each.headers().getFirst("Modelbatch-Signature"))
                    .isEqualTo("sha256="
                            + Hashing.hmacSha256(System.getenv("PATH").getBytes(StandardCharsets.UTF_8))
                                    .hashString(timestamp + "." + each.body(), StandardCharsets.UTF_8));
        }
    }

    @Test
    void onlyTheEndsThatAreNamedAreTold() {
        job("[echo, x]", "on: [failed, stopped]");

        assertThat(shop.run("job=job").exit()).isZero();

        assertThat(received).isEmpty();
    }

    @Test
    void aServerThatFailsIsTriedAgainAndARedirectIsNotFollowed() {
        job("[echo, x]", "on: [completed]");
        answers.add(503);
        assertThat(shop.run("job=job").exit()).isZero();
        assertThat(received).hasSize(2);

        received.clear();
        answers.add(307);
        assertThat(shop.run("job=job", "again=true").exit()).isZero();
        assertThat(received).hasSize(1);
    }

    @Test
    void whatCannotBeToldDoesNotFailTheRun() {
        server.stop(0);
        job("[echo, x]", "secret-from: MODELBATCH_NO_SUCH_VARIABLE");

        assertThat(shop.run("job=job").exit()).isZero();

        shop.job("job", "notify: [{ url: \"https://-:99999/\" }]\nsteps:\n  - command: { run: [echo, x] }\n");
        assertThat(shop.run("job=job", "again=true").exit()).isZero();
    }

    @Test
    void addressesThatAreWrongHaveLines() {
        shop.job("job", """
                notify:
                  - { url: "http://example.com/x" }
                  - { on: [failed, ended] }
                steps:
                  - command: { run: [echo, x] }
                """);
        Ended wrong = shop.run("check", "job=job");
        assertThat(wrong.exit()).isEqualTo(2);
        assertThat(wrong.words())
                .contains(
                        "job.yaml:2:12: notify[0].url: must be an https address, or an http address of this machine",
                        "notify[1].on[1]: must be one of: completed, failed, stopped, not 'ended'");

        shop.job("job", """
                notify: [{ on: [failed] }, { url: "https://a.example", url-from: A }]
                steps:
                  - command: { run: [echo, x] }
                """);
        assertThat(shop.run("job=job").words())
                .contains(
                        "notify[0]: lacks the address: write 'url', or 'url-from'",
                        "notify[1]: has both 'url' and 'url-from'");
    }

    private void job(String run, String options) {
        shop.job(
                "job",
                "notify: [{ url: \"http://localhost:" + server.getAddress().getPort() + "/hook\", " + options
                        + " }]\nsteps:\n  - command: { run: " + run + " }\n");
    }
}
