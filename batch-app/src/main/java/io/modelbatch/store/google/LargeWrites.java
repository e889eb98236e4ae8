package io.modelbatch.store.google;

import com.google.api.client.http.HttpContent;
import com.google.api.client.http.HttpExecuteInterceptor;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpRequestInitializer;
import com.google.cloud.ServiceOptions;
import com.google.cloud.http.HttpTransportOptions;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/** Google's transport, which copies a file in pieces of 8 KiB, each of them a write to the socket; here they are gathered first. */
final class LargeWrites extends HttpTransportOptions {
    private static final long serialVersionUID = 1;
    private static final int PIECE_BYTES = 1 << 18;

    LargeWrites() {
        super(HttpTransportOptions.newBuilder());
    }

    @Override
    public HttpRequestInitializer getHttpRequestInitializer(ServiceOptions<?, ?> options) {
        HttpRequestInitializer google = super.getHttpRequestInitializer(options);
        return request -> {
            google.initialize(request);
            request.setInterceptor(new Gather(request.getInterceptor()));
        };
    }

    /** A request has its content only when it is about to be sent. */
    private record Gather(@Nullable HttpExecuteInterceptor before) implements HttpExecuteInterceptor {
        @Override
        public void intercept(HttpRequest request) throws IOException {
            if (before != null) {
                before.intercept(request);
            }
            HttpContent content = request.getContent();
            if (content != null && content.getLength() > PIECE_BYTES && !(content instanceof Gathered)) {
                request.setContent(new Gathered(content));
            }
        }
    }

    private record Gathered(HttpContent content) implements HttpContent {
        @Override
        public long getLength() throws IOException {
            return content.getLength();
        }

        @Override
        public @Nullable String getType() {
            return content.getType();
        }

        @Override
        public boolean retrySupported() {
            return content.retrySupported();
        }

        @Override
        public void writeTo(OutputStream out) throws IOException {
            OutputStream gathering = new BufferedOutputStream(out, PIECE_BYTES);
            content.writeTo(gathering);
            gathering.flush();
        }
    }
}
