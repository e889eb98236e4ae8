package io.modelbatch.google;

import com.google.api.client.http.HttpResponseException;
import com.google.auth.Retryable;
import com.google.common.base.Throwables;
import java.io.IOException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A request to Google Cloud was not made, because there was no access token for it. */
public final class TokenException extends IOException implements Retryable {
    private static final JsonMapper JSON = new JsonMapper();

    private final boolean mayPass;
    private final String reason;

    private TokenException(boolean mayPass, String reason, IOException cause) {
        super(
                mayPass
                        ? "no access token is available at the moment (" + reason + ")"
                        : "the credentials are not accepted (" + reason + "); run 'check' to see how to fix them",
                cause);
        this.mayPass = mayPass;
        this.reason = reason;
    }

    /**
     * A failure of the credentials. It may pass where the network failed, or a server that was too busy; what a token service refuses,
     * and what cannot be read on this machine, stays so.
     */
    public static TokenException of(IOException failure) {
        return in(failure).orElseGet(() -> new TokenException(mayPass(failure), reason(failure), failure));
    }

    /** The one among the causes of a failure. */
    public static Optional<TokenException> in(Throwable failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(TokenException.class::isInstance)
                .map(TokenException.class::cast)
                .findFirst();
    }

    /** The answer of the token service, else the innermost cause. */
    public String reason() {
        return reason;
    }

    @Override
    public boolean isRetryable() {
        return mayPass;
    }

    @Override
    public int getRetryCount() {
        return 0;
    }

    /** Credentials made of others wrap what these threw, so all causes are looked at. */
    private static boolean mayPass(IOException failure) {
        return Throwables.getCausalChain(failure).stream()
                .anyMatch(cause -> (cause instanceof Retryable marked && marked.isRetryable())
                        || (cause instanceof HttpResponseException answer
                                && GoogleRefusal.mayPass(answer.getStatusCode()))
                        || cause instanceof SocketException
                        || cause instanceof SocketTimeoutException
                        || cause instanceof UnknownHostException
                        || cause instanceof SSLException);
    }

    private static String reason(IOException failure) {
        return Throwables.getCausalChain(failure).stream()
                .filter(HttpResponseException.class::isInstance)
                .findFirst()
                .flatMap(answered -> description(((HttpResponseException) answered).getContent()))
                .orElseGet(() -> {
                    Throwable root = Throwables.getRootCause(failure);
                    return String.valueOf(root.getMessage()).lines().findFirst().orElseGet(root::toString);
                });
    }

    private static Optional<String> description(String content) {
        try {
            JsonNode answer = JSON.readTree(content);
            JsonNode words = answer.path("error_description").isMissingNode()
                    ? answer.path("error").path("message")
                    : answer.path("error_description");
            return words.isString() ? Optional.of(words.asString().replaceAll("\\.$", "")) : Optional.empty();
        } catch (JacksonException e) {
            return Optional.empty();
        }
    }
}
