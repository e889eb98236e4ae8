package io.modelbatch.launch;

import com.google.common.hash.Hashing;
import io.modelbatch.jobspec.Notification;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A webhook that gets POST requests with JSON.
 *
 * @param notification names it
 * @param environment the variables of this process; null for one that is not set
 * @param clock the time of the signature
 */
record Webhook(Notification notification, UnaryOperator<@Nullable String> environment, Clock clock)
        implements Notified {
    private static final int ATTEMPTS = 3;
    private static final Duration ATTEMPT = Duration.ofSeconds(5);

    @Override
    public void verify() throws NotToldException {
        Notified.verifySet(
                Stream.of(notification.urlFrom(), notification.secretFrom())
                        .flatMap(Stream::ofNullable)
                        .toList(),
                environment);
        address();
    }

    @Override
    public String look() throws NotToldException {
        verify();
        String host = address().getHost();
        String name = notification.url() == null ? "the host of " + notification.urlFrom() : host;
        try {
            InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new NotToldException(name + " has no address in the network (DNS). Correct the name of the host");
        }
        return name + " has an address in the network"
                + (notification.secretFrom() == null ? "" : "; " + notification.secretFrom() + " is set");
    }

    @Override
    public void tell(byte[] body, NotifyLimit limit) throws NotToldException, InterruptedException {
        verify();
        HttpRequest request = request(body);
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(Redirect.NEVER)
                .connectTimeout(ATTEMPT)
                .build();
        String failure = "no time was left";
        for (int attempt = 1; attempt <= ATTEMPTS && !limit.isOver(); attempt++) {
            Optional<String> failed = attempt(client, request, limit);
            if (failed.isEmpty()) {
                return;
            }
            failure = failed.get();
            if (attempt < ATTEMPTS) {
                limit.pause(Duration.ofSeconds(attempt));
            }
        }
        throw new NotToldException(failure);
    }

    /** The failure of an attempt that is worth another one; none when the webhook was told. */
    private static Optional<String> attempt(HttpClient client, HttpRequest request, NotifyLimit limit)
            throws NotToldException, InterruptedException {
        try {
            // The timeout of a request ends with its headers; a body may come for ever.
            int status = limit.await(client.sendAsync(request, BodyHandlers.discarding()), ATTEMPT)
                    .statusCode();
            if (status >= 200 && status < 300) {
                return Optional.empty();
            }
            String words = "it answered with status " + status;
            if (status >= 500 || status == 429) {
                return Optional.of(words);
            }
            throw new NotToldException(words + (status >= 300 && status < 400 ? "; a redirect is not followed" : ""));
        } catch (TimeoutException e) {
            return Optional.of("it does not answer in time");
        } catch (ExecutionException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            return Optional.of("it cannot be reached (" + cause.getClass().getSimpleName() + ")");
        }
    }

    private HttpRequest request(byte[] body) throws NotToldException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address())
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        value(notification.secretFrom()).ifPresent(secret -> sign(request, secret, body));
        return request.build();
    }

    private void sign(HttpRequest.Builder request, String secret, byte[] body) {
        String timestamp = String.valueOf(clock.instant().getEpochSecond());
        String signature = Hashing.hmacSha256(secret.getBytes(StandardCharsets.UTF_8))
                .newHasher()
                .putString(timestamp + ".", StandardCharsets.UTF_8)
                .putBytes(body)
                .hash()
                .toString();
        request.header("Modelbatch-Timestamp", timestamp).header("Modelbatch-Signature", "sha256=" + signature);
    }

    /** The address. It is in no message of an exception. */
    private URI address() throws NotToldException {
        String address =
                notification.url() == null ? value(notification.urlFrom()).orElse("") : notification.url();
        try {
            if (address.matches(Notification.ADDRESS)) {
                URI uri = HttpRequest.newBuilder(URI.create(address)).build().uri();
                if (uri.getPort() <= 65_535) {
                    return uri;
                }
            }
        } catch (IllegalArgumentException e) {
            // Its message has the address.
        }
        throw new NotToldException(
                (notification.url() == null ? "the value of " + notification.urlFrom() : "the address")
                        + " must be an https address, or an http address of this machine (localhost)");
    }

    private Optional<String> value(@Nullable String variable) {
        return Optional.ofNullable(variable).map(environment).filter(value -> !value.isBlank());
    }
}
