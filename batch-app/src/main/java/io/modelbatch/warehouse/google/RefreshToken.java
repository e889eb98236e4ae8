package io.modelbatch.warehouse.google;

import com.google.auth.Credentials;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.modelbatch.google.TokenException;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Fetches another access token when a service refuses the one that it was sent, and lets Google's client repeat the call. The clients of
 * REST do so by themselves, that of gRPC does not: a token that ended early, or is older than a wrong clock says, would end a run.
 */
final class RefreshToken implements ClientInterceptor {
    private static final int MOST_IN_A_ROW = 3;

    private final Credentials credentials;
    private final AtomicInteger refusals = new AtomicInteger();

    RefreshToken(Credentials credentials) {
        this.credentials = credentials;
    }

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new SimpleForwardingClientCall<>(next.newCall(method, options)) {
            @Override
            public void start(Listener<A> listener, Metadata headers) {
                super.start(
                        new SimpleForwardingClientCallListener<A>(listener) {
                            @Override
                            public void onMessage(A message) {
                                refusals.set(0);
                                super.onMessage(message);
                            }

                            @Override
                            public void onClose(Status status, Metadata trailers) {
                                super.onClose(refreshed(status), trailers);
                            }
                        },
                        headers);
            }
        };
    }

    private Status refreshed(Status status) {
        boolean isRefused = status.getCode() == Status.Code.UNAUTHENTICATED
                && (status.getCause() == null
                        || TokenException.in(status.getCause()).isEmpty());
        if (!isRefused || refusals.incrementAndGet() > MOST_IN_A_ROW) {
            return status;
        }
        try {
            credentials.refresh();
            return Status.UNAVAILABLE.withDescription(
                    "A token was refused; using a new one: " + status.getDescription());
        } catch (IOException e) {
            TokenException failure = TokenException.of(e);
            return (failure.isRetryable() ? Status.UNAVAILABLE : Status.UNAUTHENTICATED)
                    .withDescription(status.getDescription())
                    .withCause(failure);
        }
    }
}
