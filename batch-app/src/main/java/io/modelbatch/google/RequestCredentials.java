package io.modelbatch.google;

import com.google.auth.Credentials;
import com.google.auth.RequestMetadataCallback;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Credentials that fail with a {@link TokenException}. The clients see by it whether to try again: gRPC's calls every other failure
 * UNAUTHENTICATED, also that of a metadata server that was away for a second, and REST's repeats a refused login for minutes.
 */
final class RequestCredentials extends Credentials {
    private static final long serialVersionUID = 1;

    private final Credentials source;

    RequestCredentials(Credentials source) {
        this.source = source;
    }

    @Override
    public String getAuthenticationType() {
        return source.getAuthenticationType();
    }

    @Override
    public String getUniverseDomain() throws IOException {
        return source.getUniverseDomain();
    }

    @Override
    public Map<String, List<String>> getRequestMetadata(@Nullable URI uri) throws IOException {
        try {
            return source.getRequestMetadata(uri);
        } catch (IOException e) {
            throw TokenException.of(e);
        }
    }

    @Override
    public void getRequestMetadata(URI uri, Executor executor, RequestMetadataCallback callback) {
        source.getRequestMetadata(uri, executor, new RequestMetadataCallback() {
            @Override
            public void onSuccess(Map<String, List<String>> metadata) {
                callback.onSuccess(metadata);
            }

            @Override
            public void onFailure(Throwable failure) {
                callback.onFailure(failure instanceof IOException e ? TokenException.of(e) : failure);
            }
        });
    }

    @Override
    public boolean hasRequestMetadata() {
        return source.hasRequestMetadata();
    }

    @Override
    public boolean hasRequestMetadataOnly() {
        return source.hasRequestMetadataOnly();
    }

    @Override
    public void refresh() throws IOException {
        try {
            source.refresh();
        } catch (IOException e) {
            throw TokenException.of(e);
        }
    }
}
