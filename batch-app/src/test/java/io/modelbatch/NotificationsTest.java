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
import java.nio.file.Files;
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

/** Webhooks and programs that are told how runs end, with a real server and real processes. */
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
        job("[echo, x]", "on: [completed]");
        Ended unreachable = shop.run("job=job");
        assertThat(unreachable.exit()).isZero();
        assertThat(warnings(unreachable))
                .containsExactly("notify[0] was not told how this run ended: it cannot be reached (ConnectException)");

        shop.job("job", "notify: [{ url: \"https://-:99999/\" }]\nsteps:\n  - command: { run: [echo, x] }\n");
        Ended wrong = shop.run("job=job", "again=true");
        assertThat(wrong.exit()).isZero();
        assertThat(warnings(wrong))
                .containsExactly(
                        "notify[0] will not be told how this run ends: the address must be an https address, or an http"
                                + " address of this machine (localhost)",
                        "notify[0] was not told how this run ended: the address must be an https address, or an http"
                                + " address of this machine (localhost)");
    }

    @Test
    void aVariableThatIsMissingIsToldWhenTheRunStarts() {
        shop.job("job", """
                notify: [{ url-from: MODELBATCH_NO_ADDRESS, secret-from: MODELBATCH_NO_SECRET }, { url-from: PATH, on: [failed] }]
                steps:
                  - command: { run: [echo, x] }
                """);

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).isZero();
        String missing = "not set in the environment of Modelbatch: MODELBATCH_NO_ADDRESS, MODELBATCH_NO_SECRET. Set"
                + " it where Modelbatch is started";
        assertThat(warnings(ended))
                .containsExactly(
                        "notify[0] will not be told how this run ends: " + missing,
                        "notify[1] will not be told how this run ends: the value of PATH must be an https address, or an"
                                + " http address of this machine (localhost)",
                        "notify[0] was not told how this run ended: " + missing);
        assertThat(ended.words()).doesNotContain(System.getenv("PATH"));
        assertThat(ended.output().indexOf("MODELBATCH_NO_ADDRESS"))
                .isLessThan(ended.output().indexOf("step-started"));
    }

    @Test
    void checkFindsMissingVariablesAndHostsAndSendsNothing() {
        String hook = "http://localhost:" + server.getAddress().getPort() + "/secret-path";
        shop.job("job", """
                notify:
                  - { url: "HOOK", secret-from: PATH }
                  - { url-from: MODELBATCH_NO_ADDRESS, secret-from: MODELBATCH_NO_SECRET }
                  - { url: "https://nobody.invalid/secret-path" }
                steps:
                  - command: { run: [echo, x] }
                """.replace("HOOK", hook));

        Ended checked = shop.run("check", "job=job");

        assertThat(checked.exit()).isEqualTo(2);
        assertThat(checked.output())
                .contains(
                        "notify[0] in job job: localhost has an address in the network; PATH is set",
                        "notify[1] in job job: not set in the environment of Modelbatch: MODELBATCH_NO_ADDRESS,"
                                + " MODELBATCH_NO_SECRET.",
                        "notify[2] in job job: nobody.invalid has no address in the network (DNS).",
                        "2 of ")
                .doesNotContain("secret-path");
        assertThat(received).isEmpty();
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
                        "notify[0]: lacks who is told: write 'url', 'url-from'",
                        "notify[1]: has 'url' and 'url-from'; keep one of them");
    }

    @Test
    void aProgramGetsTheSameJson() throws IOException {
        Path got = folder.resolve("got.json");
        shop.job("job", """
                notify: [{ command: [sh, -c, 'cat > "$1"; env > "$1.env"', sh, "GOT"], inherit: [MODELBATCH_TEST], on: [failed] }]
                steps:
                  - command: { run: [sh, -c, "exit 1"] }
                """.replace("GOT", got.toString()).replace("MODELBATCH_TEST", "PATH"));

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).isEqualTo(3);
        assertThat(warnings(ended)).isEmpty();
        JsonNode json = JsonMapper.shared().readTree(Files.readString(got));
        assertThat(json.get("event").stringValue()).isEqualTo("failed");
        assertThat(json.get("run").stringValue()).isEqualTo("job-1");
        assertThat(Files.readAllLines(Path.of(got + ".env")))
                .allMatch(line -> !line.startsWith("CPF=") && !line.startsWith("MODELBATCH_PYTHON="))
                .anyMatch(line -> line.startsWith("PATH="));
    }

    @Test
    void aProgramThatFailsOrHangsIsAWarningAndLeavesNothing() throws IOException {
        Path pids = folder.resolve("pids");
        shop.job("job", """
                notify:
                  - { command: [sh, -c, "echo words; exit 7"] }
                  - { command: [sh, -c, 'setsid sleep 600 & echo $! > "$1"; trap "" TERM; while true; do sleep 1; done', sh, "PIDS"] }
                steps:
                  - command: { run: [echo, x] }
                """.replace("PIDS", pids.toString()));

        Ended ended = shop.run("job=job");

        assertThat(ended.exit()).isZero();
        assertThat(warnings(ended))
                .containsExactly(
                        "notify[0] was not told how this run ended: the program ended with exit code 7. Its output is in"
                                + " batch.log",
                        "notify[1] was not told how this run ended: the program did not end in time and was ended. Its"
                                + " output is in batch.log");
        assertThat(ProcessHandle.allProcesses()
                        .filter(process ->
                                process.info().commandLine().orElse("").contains(pids.toString())))
                .isEmpty();
        assertThat(ProcessHandle.of(Long.parseLong(Files.readString(pids).strip()))
                        .filter(ProcessHandle::isAlive))
                .isEmpty();
    }

    @Test
    void aProgramThatIsNotThereIsFoundByCheck() {
        shop.job("job", """
                notify: [{ command: [modelbatch-no-such-program], on: [failed] }, { command: [sh] }]
                steps:
                  - command: { run: [echo, x] }
                """);

        Ended checked = shop.run("check", "job=job");

        assertThat(checked.exit()).isEqualTo(2);
        assertThat(checked.output())
                .contains(
                        "notify[0] in job job: the program 'modelbatch-no-such-program' is not an executable file here.",
                        "notify[1] in job job: sh is an executable file");

        shop.job("job", """
                notify: [{ command: [sh], secret-from: A }, { url-from: B, inherit: [A] }, { command: [sh], url-from: B }]
                steps:
                  - command: { run: [echo, x] }
                """);
        assertThat(shop.run("check", "job=job").output())
                .contains(
                        "notify[0]: has 'secret-from'",
                        "notify[1]: has 'inherit'",
                        "notify[2]: has 'url-from' and 'command'");
    }

    private static List<String> warnings(Ended ended) {
        return ended.output()
                .lines()
                .map(JsonMapper.shared()::readTree)
                .filter(event -> event.path("event").stringValue("").equals("warning"))
                .map(event -> event.path("message").stringValue())
                .toList();
    }

    private void job(String run, String options) {
        shop.job(
                "job",
                "notify: [{ url: \"http://localhost:" + server.getAddress().getPort() + "/hook\", " + options
                        + " }]\nsteps:\n  - command: { run: " + run + " }\n");
    }
}
