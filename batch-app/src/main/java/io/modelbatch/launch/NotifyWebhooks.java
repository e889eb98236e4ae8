package io.modelbatch.launch;

import com.google.common.base.Throwables;
import com.google.common.hash.Hashing;
import io.modelbatch.jobspec.Notification;
import io.modelbatch.jobspec.Notification.Ending;
import io.modelbatch.run.ExitCode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells webhooks how a run ended. It never fails the run, and takes a bounded time. Addresses and secrets of environment variables are in no
 * message.
 *
 * @param environment the variables of this process; null for one that is not set
 * @param clock the time of the signature
 */
record NotifyWebhooks(UnaryOperator<@Nullable String> environment, Clock clock) {
    /** The version of the body: raised when a key is removed or means something else, not when one is added. */
    static final int VERSION = 1;

    private static final Logger log = LoggerFactory.getLogger(NotifyWebhooks.class);
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final int ATTEMPTS = 3;
    private static final Duration ATTEMPT = Duration.ofSeconds(5);
    /** All webhooks together. */
    private static final Duration LIMIT = Duration.ofSeconds(20);
    /** A run that is stopped has ten seconds for everything. */
    private static final Duration LIMIT_OF_STOP = Duration.ofSeconds(3);

    /** The webhook cannot be told; the message is for the user. */
    private static final class NotToldException extends Exception {
        NotToldException(String message) {
            super(message);
        }
    }

    /** Of webhooks with the variables of this process. */
    static NotifyWebhooks ofThisProcess() {
        return new NotifyWebhooks(System::getenv, Clock.systemUTC());
    }

    /** Tells those that want to know of such an end. */
    void tell(List<Notification> webhooks, RunOutcome outcome) {
        Ending ending = ending(outcome.exit());
        long end = System.nanoTime() + (ending == Ending.STOPPED ? LIMIT_OF_STOP : LIMIT).toNanos();
        byte[] body = JSON.writeValueAsBytes(body(ending, outcome));
        for (Notification webhook : webhooks) {
            if (webhook.isToldOf(ending)) {
                tell(webhook, body, end, outcome.run().run());
            }
        }
    }

    private void tell(Notification webhook, byte[] body, long end, String run) {
        try {
            post(webhook, body, end);
        } catch (NotToldException e) {
            log.warn("The webhook {} was not told of the end of {}: {}", name(webhook), run, e.getMessage());
        } catch (IllegalArgumentException e) { // its message has the address, which may be a secret
            log.warn(
                    "The webhook {} was not told of the end of {}: its address is not a valid one", name(webhook), run);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Ending ending(ExitCode exit) {
        return exit == ExitCode.COMPLETED
                ? Ending.COMPLETED
                : exit == ExitCode.STOPPED ? Ending.STOPPED : Ending.FAILED;
    }

    private static Map<String, Object> body(Ending ending, RunOutcome outcome) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("version", VERSION);
        body.put("event", ending.name().toLowerCase(Locale.ROOT));
        body.put("run", outcome.run().run());
        body.put("job", outcome.run().job());
        body.put("status", outcome.run().status());
        body.put("exit", outcome.exit().code());
        body.put("parameters", outcome.run().parameters());
        outcome.cause().ifPresent(cause -> body.put("cause", cause));
        body.put("next", outcome.next());
        outcome.report().map(ReportFiles::data).ifPresent(report -> body.put("report", report));
        return body;
    }

    private void post(Notification webhook, byte[] body, long end) throws NotToldException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(address(webhook))
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArray(body));
        if (webhook.secretFrom() != null) {
            sign(request, variable(webhook.secretFrom()), body);
        }
        HttpClient client = HttpClient.newBuilder()
                .followRedirects(Redirect.NEVER)
                .connectTimeout(ATTEMPT)
                .build();
        String failure = "no time was left";
        for (int attempt = 1; attempt <= ATTEMPTS && System.nanoTime() < end; attempt++) {
            Optional<String> failed = attempt(client, request, end);
            if (failed.isEmpty()) {
                return;
            }
            failure = failed.get();
            long pause = Math.min(Duration.ofSeconds(attempt).toNanos(), end - System.nanoTime());
            if (attempt < ATTEMPTS && pause > 0) {
                Thread.sleep(Duration.ofNanos(pause).toMillis());
            }
        }
        throw new NotToldException(failure);
    }

    /** The failure of an attempt that is worth another one; none when the webhook was told. */
    private static Optional<String> attempt(HttpClient client, HttpRequest.Builder request, long end)
            throws NotToldException, InterruptedException {
        long left = Math.max(1, Math.min(ATTEMPT.toNanos(), end - System.nanoTime()));
        try {
            // The timeout of a request ends with its headers; a body may come for ever.
            int status = client.sendAsync(request.build(), BodyHandlers.discarding())
                    .get(left, TimeUnit.NANOSECONDS)
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
            return Optional.of("it cannot be reached ("
                    + Throwables.getRootCause(e).getClass().getSimpleName() + ")");
        }
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

    private URI address(Notification webhook) throws NotToldException {
        String address = webhook.urlFrom() == null ? webhook.url() : variable(webhook.urlFrom());
        if (address == null || !address.matches(Notification.ADDRESS)) {
            throw new NotToldException("its address must be an https address, or an http address of this machine");
        }
        return URI.create(address);
    }

    private String variable(String name) throws NotToldException {
        String value = environment.apply(name);
        if (value == null || value.isBlank()) {
            throw new NotToldException("the environment variable " + name + " is not set");
        }
        return value;
    }

    private static String name(Notification webhook) {
        return webhook.url() == null ? "of " + webhook.urlFrom() : webhook.url();
    }
}
