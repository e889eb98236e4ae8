package io.modelbatch.telemetry;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A span that others have as their parent, in other threads and processes.
 *
 * @param text as the header {@code traceparent} of W3C has it
 */
public record TraceParent(String text) {
    private static final String HEADER = "traceparent";
    private static final W3CTraceContextPropagator W3C = W3CTraceContextPropagator.getInstance();

    /**
     * Work whose spans have a parent.
     *
     * @param <E> its exception
     */
    @FunctionalInterface
    public interface Work<E extends Exception> {
        void run() throws E;
    }

    /** The span of this thread; empty where there is none, as without traces. */
    public static Optional<TraceParent> current() {
        Map<String, String> headers = new HashMap<>();
        W3C.inject(Context.current(), headers, (map, name, value) -> {
            if (map != null) {
                map.put(name, value);
            }
        });
        return Optional.ofNullable(headers.get(HEADER)).map(TraceParent::new);
    }

    /** The id of the trace that the span of this thread belongs to. */
    public static Optional<String> currentTrace() {
        return Optional.of(Span.current().getSpanContext())
                .filter(span -> span.isValid())
                .map(span -> span.getTraceId());
    }

    /** Is the parent of the spans of this thread during the work. */
    public <E extends Exception> void during(Work<E> work) throws E {
        try (Scope scope = W3C.extract(Context.root(), text, new AsHeader()).makeCurrent()) {
            work.run();
        }
    }

    private static final class AsHeader implements TextMapGetter<String> {
        @Override
        public Iterable<String> keys(String text) {
            return List.of(HEADER);
        }

        @Override
        public @Nullable String get(@Nullable String text, String name) {
            return name.equals(HEADER) ? text : null;
        }
    }
}
