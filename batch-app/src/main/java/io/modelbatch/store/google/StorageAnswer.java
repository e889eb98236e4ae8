package io.modelbatch.store.google;

import com.google.api.client.http.HttpResponseException;
import com.google.cloud.storage.StorageException;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The service's answer to a request that it refused.
 *
 * @param reason its word for the reason; empty where it gave none
 * @param words its message. Without the request, whose address would let anybody write the rest of an upload
 */
record StorageAnswer(String reason, String words) {
    private static final JsonMapper JSON = new JsonMapper();

    /** The client reads the answers of most calls, and leaves those of resumable uploads in a cause. */
    static StorageAnswer of(StorageException failure) {
        String reason = failure.getReason();
        Optional<StorageAnswer> unread = reason == null || reason.isEmpty() ? unread(failure) : Optional.empty();
        return unread.orElseGet(
                () -> new StorageAnswer(reason == null ? "" : reason, firstLine(String.valueOf(failure.getMessage()))));
    }

    private static Optional<StorageAnswer> unread(StorageException failure) {
        return Stream.iterate((Throwable) failure, cause -> cause != null, Throwable::getCause)
                .filter(HttpResponseException.class::isInstance)
                .map(cause -> ((HttpResponseException) cause).getContent())
                .filter(content -> content != null && !content.isBlank())
                .findFirst()
                .flatMap(StorageAnswer::parsed);
    }

    private static Optional<StorageAnswer> parsed(String body) {
        try {
            JsonNode error = JSON.readTree(body).path("error");
            String message = error.path("message").asString("");
            return message.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new StorageAnswer(
                            error.path("errors").path(0).path("reason").asString(""), firstLine(message)));
        } catch (JacksonException e) {
            return Optional.empty(); // a proxy's page, or the plain words of the XML API
        }
    }

    private static String firstLine(String message) {
        return message.strip().lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
    }
}
