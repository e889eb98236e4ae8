package io.modelbatch.store.google;

import com.google.auth.oauth2.GoogleCredentials;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.GrpcSslContexts;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContextBuilder;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Those who give out access tokens, on loopback and over TLS: Google's token endpoint, the Security Token Service, the IAM Credentials
 * API, and in plain text the metadata server of a machine. Other servers let callers in that bring one of its tokens.
 *
 * <p>As the real ones, it gives none without a scope: {@code invalid_scope}, "Empty or missing scope not allowed"
 * (google-auth-library-python#217, google-oauth-java-client#602), and {@code INVALID_ARGUMENT} of generateAccessToken, whose
 * {@code scope[]} is required (IAM Credentials API, projects.serviceAccounts.generateAccessToken).
 */
public final class TokenServer implements AutoCloseable {
    /** The service account that all kinds of credentials act as, but for a person's. */
    public static final String ACCOUNT = "batch@project.iam.gserviceaccount.com";

    /** Kinds of application default credentials. */
    public enum Kind {
        /** A service account's key file. */
        KEY,
        /** {@code gcloud auth application-default login}. */
        LOGIN,
        /** {@code gcloud auth application-default login --impersonate-service-account}. */
        IMPERSONATION,
        /** A file of {@code gcloud iam workload-identity-pools create-cred-config}. */
        FEDERATION,
        /** The service account of a machine, or of a pod with Workload Identity. */
        MACHINE
    }

    private static final JsonMapper JSON = new JsonMapper();
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String NO_TOKEN =
            "Request had invalid authentication credentials. Expected OAuth 2 access token,"
                    + " login cookie or other valid authentication credential.";
    /** A clock may differ by so much. */
    private static final Duration TOLERANCE = Duration.ofMinutes(5);

    private static final String SCOPE = "https://www.googleapis.com/auth/cloud-platform";
    private static final String TOKENS = "/token";
    private static final String EXCHANGE = "/v1/token";
    private static final String IMPERSONATE = "/v1/projects/-/serviceAccounts/" + ACCOUNT + ":generateAccessToken";

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final LoopbackCertificate certificate;
    private final KeyPair key;
    private final HttpServer server;
    private final HttpServer metadata;
    /** The calls that each token is still accepted for. */
    private final Map<String, Integer> tokens = new ConcurrentHashMap<>();

    private volatile int calls = Integer.MAX_VALUE;
    private volatile Duration ahead = Duration.ZERO;
    private volatile boolean revoked;
    private volatile boolean asksAgain;
    private volatile boolean mayNotImpersonate;

    private record Answer(int status, Map<String, ?> body) {}

    private TokenServer(LoopbackCertificate certificate) throws IOException, GeneralSecurityException {
        this.certificate = certificate;
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        this.key = generator.generateKeyPair();
        this.server = https(this::giveTokens);
        this.metadata = LoopbackHttp.server(0);
        metadata.setExecutor(threads);
        metadata.createContext("/", this::describeMachine);
        metadata.start();
    }

    /** Starts one. */
    public static TokenServer start(LoopbackCertificate certificate) throws IOException, GeneralSecurityException {
        return new TokenServer(certificate);
    }

    private static InetSocketAddress anyPort() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** An entrance over TLS to a REST server, for callers with a token. */
    public HttpServer guarded(HttpHandler handler) throws IOException, GeneralSecurityException {
        return https(call -> {
            String authorization = call.getRequestHeaders().getFirst("Authorization");
            if (authorization != null && isAccepted(authorization)) {
                handler.handle(call);
                return;
            }
            call.getRequestBody().readAllBytes();
            answer(call, unauthenticated());
        });
    }

    /** An entrance over TLS for gRPC, for callers with a token. */
    public NettyServerBuilder guarded() throws IOException {
        return NettyServerBuilder.forAddress(anyPort())
                .sslContext(GrpcSslContexts.configure(SslContextBuilder.forServer(certificate.keys()))
                        .build())
                .intercept(new ServerInterceptor() {
                    @Override
                    public <Q, A> ServerCall.Listener<Q> interceptCall(
                            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                        String authorization = headers.get(AUTHORIZATION);
                        if (authorization != null && isAccepted(authorization)) {
                            return next.startCall(call, headers);
                        }
                        call.close(Status.UNAUTHENTICATED.withDescription(NO_TOKEN), new Metadata());
                        return new ServerCall.Listener<>() {};
                    }
                });
    }

    private HttpsServer https(HttpHandler handler) throws IOException, GeneralSecurityException {
        HttpsServer https = LoopbackHttp.tls();
        https.setHttpsConfigurator(new HttpsConfigurator(certificate.context()));
        https.setExecutor(threads);
        https.createContext("/", handler);
        https.start();
        return https;
    }

    /**
     * The environment of a process with such credentials.
     *
     * @param folder where their file is kept, with its secrets
     */
    public Map<String, String> environment(Kind kind, Path folder) throws IOException {
        Map<String, String> trust = Map.of("JAVA_TOOL_OPTIONS", certificate.trusted());
        Map<String, String> more = kind == Kind.MACHINE
                ? Map.of(
                        "GCE_METADATA_HOST",
                        "127.0.0.1:" + metadata.getAddress().getPort())
                : Map.of(
                        "NO_GCE_CHECK",
                        "true",
                        "GOOGLE_APPLICATION_CREDENTIALS",
                        file(kind, folder).toString());
        Map<String, String> all = new HashMap<>(trust);
        all.putAll(more);
        return all;
    }

    /**
     * Such credentials in this process, which no machine has.
     *
     * @param folder where their file is kept, with its secrets
     */
    public GoogleCredentials credentials(Kind kind, Path folder) throws IOException {
        try (InputStream file = Files.newInputStream(file(kind, folder))) {
            return GoogleCredentials.fromStream(file, certificate::client).createScoped(SCOPE);
        }
    }

    private Path file(Kind kind, Path folder) throws IOException {
        Map<String, String> login = Map.of(
                "type",
                "authorized_user",
                "client_id",
                "764086051850.apps.example",
                "client_secret",
                "client-secret",
                "refresh_token",
                "refresh-secret",
                "token_uri",
                address() + TOKENS);
        Map<String, ?> content = switch (kind) {
            case KEY ->
                Map.of(
                        "type",
                        "service_account",
                        "project_id",
                        "another-project",
                        "private_key_id",
                        "key-1",
                        "private_key",
                        pem(),
                        "client_email",
                        ACCOUNT,
                        "client_id",
                        "1",
                        "token_uri",
                        address() + TOKENS);
            case LOGIN -> login;
            case IMPERSONATION ->
                Map.of(
                        "type",
                        "impersonated_service_account",
                        "delegates",
                        List.of(),
                        "service_account_impersonation_url",
                        address() + IMPERSONATE,
                        "source_credentials",
                        login);
            case FEDERATION ->
                Map.of(
                        "type",
                        "external_account",
                        "audience",
                        "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/providers/q",
                        "subject_token_type",
                        "urn:ietf:params:oauth:token-type:jwt",
                        "token_url",
                        address() + EXCHANGE,
                        "service_account_impersonation_url",
                        address() + IMPERSONATE,
                        "credential_source",
                        Map.of(
                                "file",
                                Files.writeString(folder.resolve("subject-token"), "subject-secret")
                                        .toString()));
            case MACHINE -> throw new IllegalArgumentException("A machine has no file");
        };
        return Files.write(folder.resolve("credentials.json"), JSON.writeValueAsBytes(content));
    }

    private String pem() {
        return "-----BEGIN PRIVATE KEY-----\n"
                + Base64.getMimeEncoder().encodeToString(key.getPrivate().getEncoded())
                + "\n-----END PRIVATE KEY-----\n";
    }

    private String address() {
        return "https://127.0.0.1:" + server.getAddress().getPort();
    }

    /** From now on keys are deleted, logins over and accounts disabled; tokens that were given are accepted no more. */
    public void revoke() {
        revoked = true;
        tokens.clear();
    }

    /** From now on a token is accepted for so many calls, though it says that it lives for an hour: a clock that goes behind looks so. */
    public void tokensServe(int calls) {
        this.calls = calls;
    }

    /** The number of tokens that were given. */
    public int given() {
        return tokens.size();
    }

    /** From now on its clock is that much ahead of this machine's. */
    public void clockIsAhead(Duration duration) {
        ahead = duration;
    }

    /** From now on nobody may act as the service account. */
    public void denyImpersonation() {
        mayNotImpersonate = true;
    }

    /** From now on a person has to log in again, as organizations demand after some hours (support.google.com/a/answer/9368756). */
    public void askForLoginAgain() {
        asksAgain = true;
    }

    private boolean isAccepted(String authorization) {
        Integer left = authorization.startsWith("Bearer ")
                ? tokens.computeIfPresent(
                        authorization.substring("Bearer ".length()), (token, calls) -> Math.max(-1, calls - 1))
                : null;
        return left != null && left >= 0;
    }

    private String newToken() {
        String token = "token-secret-" + UUID.randomUUID();
        tokens.put(token, calls);
        return token;
    }

    private void giveTokens(HttpExchange call) throws IOException {
        String body = new String(call.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        answer(
                call,
                switch (call.getRequestURI().getPath()) {
                    case TOKENS -> token(form(body));
                    case EXCHANGE -> exchange(form(body));
                    case IMPERSONATE ->
                        impersonate(
                                String.valueOf(call.getRequestHeaders().getFirst("Authorization")),
                                JSON.readTree(body));
                    default -> new Answer(404, Map.of("error", "not_found"));
                });
    }

    private Answer token(Map<String, String> form) {
        if ("refresh_token".equals(form.get("grant_type"))) {
            if (asksAgain) { // the answer as in github.com/cline/cline/issues/4080
                return new Answer(
                        400,
                        Map.of(
                                "error",
                                "invalid_grant",
                                "error_description",
                                "reauth related error (invalid_rapt)",
                                "error_subtype",
                                "invalid_rapt"));
            }
            return revoked || !"refresh-secret".equals(form.get("refresh_token"))
                    ? refused("invalid_grant", "Token has been expired or revoked.")
                    : granted();
        }
        String[] assertion = String.valueOf(form.get("assertion")).split("\\.");
        JsonNode claims = JSON.readTree(Base64.getUrlDecoder().decode(assertion[1]));
        if (revoked || !isSigned(assertion)) {
            return refused("invalid_grant", "Invalid JWT Signature.");
        }
        Instant now = Instant.now().plus(ahead);
        if (claims.path("exp").asLong() < now.getEpochSecond()
                || claims.path("iat").asLong() > now.plus(TOLERANCE).getEpochSecond()) {
            // the words as in github.com/googleapis/google-api-php-client/issues/1501
            return refused(
                    "invalid_grant",
                    "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. Check your iat and"
                            + " exp values and use a clock with skew to account for clock differences between systems.");
        }
        return claims.path("scope").asString("").isBlank()
                ? refused("invalid_scope", "Empty or missing scope not allowed.")
                : granted();
    }

    private boolean isSigned(String[] assertion) {
        try {
            Signature signature = Signature.getInstance("SHA256withRSA");
            signature.initVerify(key.getPublic());
            signature.update((assertion[0] + "." + assertion[1]).getBytes(StandardCharsets.US_ASCII));
            return signature.verify(Base64.getUrlDecoder().decode(assertion[2]));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private Answer exchange(Map<String, String> form) {
        if (revoked || !"subject-secret".equals(form.get("subject_token"))) {
            return refused("invalid_grant", "The given credential is rejected by the attribute condition.");
        }
        return new Answer(
                200,
                Map.of(
                        "access_token",
                        newToken(),
                        "issued_token_type",
                        "urn:ietf:params:oauth:token-type:access_token",
                        "token_type",
                        "Bearer",
                        "expires_in",
                        3600));
    }

    private Answer impersonate(String authorization, JsonNode body) {
        if (!isAccepted(authorization)) {
            return unauthenticated();
        }
        if (mayNotImpersonate) { // by the page "Troubleshoot service account impersonation"
            return error(
                    403,
                    "PERMISSION_DENIED",
                    "forbidden",
                    "Permission 'iam.serviceAccounts.getAccessToken' denied on resource (or it may not exist).");
        }
        if (body.path("scope").isEmpty()) {
            return error(400, "INVALID_ARGUMENT", "badRequest", "Request contains an invalid argument.");
        }
        return new Answer(
                200,
                Map.of(
                        "accessToken",
                        newToken(),
                        "expireTime",
                        Instant.now()
                                .plus(1, ChronoUnit.HOURS)
                                .truncatedTo(ChronoUnit.SECONDS)
                                .toString()));
    }

    private void describeMachine(HttpExchange call) throws IOException {
        call.getResponseHeaders().add("Metadata-Flavor", "Google");
        String path = call.getRequestURI().getPath();
        if (path.endsWith("/service-accounts/default/token")) {
            answer(call, revoked ? error(404, "NOT_FOUND", "notFound", "no service account") : granted());
            return;
        }
        String text = path.endsWith("/service-accounts/default/email") ? ACCOUNT : "";
        boolean known = path.equals("/") || !text.isEmpty();
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        call.sendResponseHeaders(known ? 200 : 404, bytes.length == 0 ? -1 : bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    private Answer granted() {
        return new Answer(200, Map.of("access_token", newToken(), "token_type", "Bearer", "expires_in", 3600));
    }

    private static Answer refused(String error, String description) {
        return new Answer(400, Map.of("error", error, "error_description", description));
    }

    private static Answer unauthenticated() {
        return error(401, "UNAUTHENTICATED", "authError", NO_TOKEN);
    }

    private static Answer error(int code, String status, String reason, String message) {
        return new Answer(
                code,
                Map.of(
                        "error",
                        Map.of(
                                "code",
                                code,
                                "status",
                                status,
                                "message",
                                message,
                                "errors",
                                List.of(Map.of("domain", "global", "reason", reason, "message", message)))));
    }

    private static Map<String, String> form(String body) {
        return Arrays.stream(body.split("&"))
                .map(field -> field.split("=", 2))
                .filter(field -> field.length == 2)
                .collect(Collectors.toMap(
                        field -> field[0], field -> URLDecoder.decode(field[1], StandardCharsets.UTF_8)));
    }

    private static void answer(HttpExchange call, Answer answer) throws IOException {
        byte[] bytes = JSON.writeValueAsBytes(answer.body());
        call.getResponseHeaders().add("Content-Type", "application/json");
        call.sendResponseHeaders(answer.status(), bytes.length);
        call.getResponseBody().write(bytes);
        call.close();
    }

    @Override
    public void close() {
        server.stop(0);
        metadata.stop(0);
        threads.shutdownNow();
    }
}
