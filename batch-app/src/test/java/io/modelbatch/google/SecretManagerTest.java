package io.modelbatch.google;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.AccessToken;
import com.google.auth.oauth2.GoogleCredentials;
import com.sun.net.httpserver.HttpServer;
import io.modelbatch.base.SettingsException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Date;
import java.util.Deque;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SecretManagerTest {
    private static final String SECRET = "projects/receipts-prod/secrets/modelbatch-repository";

    private final Deque<Answer> answers = new ArrayDeque<>();
    private HttpServer server;
    private String asked = "";

    private record Answer(int status, String text) {
        static Answer with(String secret) {
            return new Answer(
                    200,
                    "{\"name\": \"x\", \"payload\": {\"data\": \"%s\", \"dataCrc32c\": \"1\"}}"
                            .formatted(Base64.getEncoder().encodeToString(secret.getBytes(UTF_8))));
        }
    }

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked = exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
                    + exchange.getRequestHeaders().getFirst("Authorization");
            Answer answer = answers.pop();
            byte[] text = answer.text().getBytes(UTF_8);
            exchange.sendResponseHeaders(answer.status(), text.length);
            exchange.getResponseBody().write(text);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private String read() {
        GoogleCredentials credentials = GoogleCredentials.create(
                new AccessToken("token-1", Date.from(Instant.now().plusSeconds(3600))));
        return new SecretManager(
                        new GoogleProject("receipts-prod", credentials),
                        URI.create("http://127.0.0.1:" + server.getAddress().getPort()))
                .latest(SECRET);
    }

    @ParameterizedTest
    @ValueSource(strings = {"päss wörd ", "päss wörd \n", "päss wörd \r\n"})
    void readsTheNewestVersionWithoutTheLineBreakOfAFile(String kept) {
        answers.add(Answer.with(kept));

        assertThat(read()).isEqualTo("päss wörd ");
        assertThat(asked).isEqualTo("GET /v1/" + SECRET + "/versions/latest:access Bearer token-1");
    }

    @Test
    void asksAgainWhereTheServiceIsBusy() {
        answers.add(new Answer(503, "{}"));
        answers.add(new Answer(500, "{}"));
        answers.add(Answer.with("secret"));

        assertThat(read()).isEqualTo("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "403, roles/secretmanager.secretAccessor",
        "404, gcloud secrets create",
        "400, projects/PROJECT/secrets/NAME"
    })
    void saysWhatHelpsWhereItIsRefused(int status, String remedy) {
        answers.add(new Answer(status, "{\"error\": {\"message\": \"no\"}}"));

        assertThatThrownBy(this::read)
                .isInstanceOf(SettingsException.class)
                .hasMessageContainingAll(SECRET, String.valueOf(status), remedy);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"payload\": {}}", "{\"payload\": {\"data\": \"%\"}}"})
    void refusesAnAnswerWithoutASecret(String text) {
        answers.add(new Answer(200, text));

        assertThatThrownBy(this::read).isInstanceOf(SettingsException.class).hasMessageContaining("has no text");
    }
}
