package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.Credentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.cloud.bigquery.storage.v1.BigQueryReadGrpc;
import com.google.cloud.bigquery.storage.v1.CreateReadSessionRequest;
import com.sun.net.httpserver.HttpServer;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.auth.MoreCallCredentials;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.google.TokenException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that get no token: Google's own, against a token service that refuses, fails or is away. */
class CredentialFailuresTest {
    private static final ObjectUri OBJECT = ObjectUri.parse("gs://bucket/object");

    @TempDir
    private Path folder;

    private final Queue<Integer> answers = new ArrayDeque<>();
    private final AtomicInteger asked = new AtomicInteger();
    private HttpServer tokens;
    private StorageServer storage;

    @BeforeEach
    void start() throws Exception {
        tokens = LoopbackHttp.server(0);
        tokens.createContext("/", call -> {
            asked.incrementAndGet();
            Integer status = answers.poll();
            boolean granted = status == null || status == 200;
            String body = granted
                    ? "{\"access_token\":\"t\",\"token_type\":\"Bearer\",\"expires_in\":3600,\"accessToken\":\"t\","
                            + "\"expireTime\":\"2999-01-01T00:00:00Z\"}"
                    : "{\"error\":\"invalid_grant\",\"error_description\":\"Token has been expired or revoked.\"}";
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            call.getResponseHeaders().add("Content-Type", "application/json");
            call.sendResponseHeaders(granted ? 200 : status, bytes.length);
            call.getResponseBody().write(bytes);
            call.close();
        });
        tokens.start();
        storage = StorageServer.start(folder.resolve("storage")).bucket("bucket");
    }

    @AfterEach
    void stop() {
        tokens.stop(0);
        storage.close();
    }

    private Credentials login() {
        return UserCredentials.newBuilder()
                .setClientId("client")
                .setClientSecret("secret")
                .setRefreshToken("refresh")
                .setTokenServerUri(
                        URI.create("http://127.0.0.1:" + tokens.getAddress().getPort()))
                .build();
    }

    /** They wrap what the login says in an exception that looks like a lost connection. */
    private Credentials impersonated() {
        return ImpersonatedCredentials.create(
                (UserCredentials) login(), "batch@project.iam.gserviceaccount.com", null, List.of("scope"), 300);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRefusedTokenIsNotAskedForAgain(boolean impersonated) {
        answers.addAll(List.of(400, 400, 400));

        assertThatThrownBy(() -> store(impersonated ? impersonated() : login()).find(OBJECT))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(
                        "the credentials are not accepted (Token has been expired or revoked)", "'check'");

        assertThat(asked).hasValue(1);
    }

    @Test
    void aTokenServiceThatIsBusyIsAskedAgain() throws Exception {
        answers.add(503);

        assertThat(store(login()).find(OBJECT)).isEmpty();
    }

    /** The IAM Credentials API has errors of its own, which Google's library does not mark. */
    @Test
    void anImpersonationThatIsBusyIsAskedAgain() throws Exception {
        answers.addAll(List.of(200, 503));
        ImpersonatedCredentials batch = ((ImpersonatedCredentials) impersonated())
                .toBuilder()
                        .setIamEndpointOverride(
                                "http://127.0.0.1:" + tokens.getAddress().getPort() + "/iam")
                        .build();

        assertThat(store(batch).find(OBJECT)).isEmpty();
    }

    /** The way in which grpc-java reports a failure of the credentials decides whether Google's client tries again. */
    @Test
    void overGrpcWhatMayPassIsUnavailable() throws Exception {
        answers.add(400);
        assertThat(overGrpc(impersonated())).isEqualTo(Status.Code.UNAUTHENTICATED);
        tokens.stop(0);
        assertThat(overGrpc(login())).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(overGrpc(impersonated())).isEqualTo(Status.Code.UNAVAILABLE);
    }

    private static Status.Code overGrpc(Credentials credentials) throws Exception {
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            Credentials marked = new GoogleProject("project", credentials).requestCredentials();
            BigQueryReadGrpc.newBlockingStub(channel)
                    .withCallCredentials(MoreCallCredentials.from(marked))
                    .createReadSession(CreateReadSessionRequest.getDefaultInstance());
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            assertThat(TokenException.in(e)).isPresent();
            return e.getStatus().getCode();
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    private ObjectStore store(Credentials credentials) {
        return ObjectStores.retrying(
                CloudStorageStore.open(new GoogleProject("project", credentials), Optional.of(storage.address())));
    }
}
