package io.modelbatch;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.opentelemetry.proto.metrics.v1.NumberDataPoint;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;

/** A collector of OpenTelemetry on loopback, which keeps what it is sent. */
final class OtlpReceiver implements AutoCloseable {
    private final HttpServer server;
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private record Received(String path, Map<String, List<String>> headers, byte[] body) {}

    private OtlpReceiver(HttpServer server) {
        this.server = server;
    }

    static OtlpReceiver start() throws IOException {
        OtlpReceiver receiver =
                new OtlpReceiver(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0));
        receiver.server.createContext("/", receiver::receive);
        receiver.server.start();
        return receiver;
    }

    String address() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            InputStream body = exchange.getRequestBody();
            boolean zipped = "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"));
            received.add(new Received(
                    exchange.getRequestURI().getPath(),
                    Map.copyOf(exchange.getRequestHeaders()),
                    (zipped ? new GZIPInputStream(body) : body).readAllBytes()));
            exchange.getResponseHeaders().set("Content-Type", "application/x-protobuf");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    /** The values of a header that came with each request. */
    List<Optional<String>> headers(String name) {
        return received.stream()
                .map(request -> Optional.ofNullable(request.headers().get(name)).map(values -> values.get(0)))
                .toList();
    }

    /** The attributes of the process that sent the last metrics. */
    Map<String, String> resource() {
        return labels(metrics()
                .get(metrics().size() - 1)
                .getResourceMetrics(0)
                .getResource()
                .getAttributesList());
    }

    /** Metrics as they were sent last, with their labels: {@code modelbatch.rows{job.name=predict,step=infer}}. */
    Map<String, Double> last() {
        Map<String, Double> values = new HashMap<>();
        for (ExportMetricsServiceRequest request : metrics()) {
            request.getResourceMetricsList().stream()
                    .flatMap(resource -> resource.getScopeMetricsList().stream())
                    .flatMap(scope -> scope.getMetricsList().stream())
                    .forEach(metric -> points(metric)
                            .forEach(point -> values.put(
                                    metric.getName() + text(labels(point.getAttributesList())), point.getAsDouble())));
        }
        return values;
    }

    /** All values of a metric that were sent, with whatever labels. */
    List<Double> all(String name) {
        return metrics().stream()
                .flatMap(request -> request.getResourceMetricsList().stream())
                .flatMap(resource -> resource.getScopeMetricsList().stream())
                .flatMap(scope -> scope.getMetricsList().stream())
                .filter(metric -> metric.getName().equals(name))
                .flatMap(metric -> points(metric).stream())
                .map(NumberDataPoint::getAsDouble)
                .toList();
    }

    /** A span, and the process that sent it. */
    record Sent(Span span, String process) {
        /** The value of an attribute. */
        String attribute(String name) {
            return labels(span.getAttributesList()).getOrDefault(name, "");
        }
    }

    /** All spans that were sent. */
    List<Sent> spans() {
        List<Sent> spans = new ArrayList<>();
        for (Received request : received) {
            if (request.path().equals("/v1/traces")) {
                try {
                    for (ResourceSpans resource :
                            ExportTraceServiceRequest.parseFrom(request.body()).getResourceSpansList()) {
                        String process = labels(resource.getResource().getAttributesList())
                                .get("service.instance.id");
                        resource.getScopeSpansList().stream()
                                .flatMap(scope -> scope.getSpansList().stream())
                                .forEach(span -> spans.add(new Sent(span, String.valueOf(process))));
                    }
                } catch (InvalidProtocolBufferException e) {
                    throw new IllegalStateException(e);
                }
            }
        }
        return spans;
    }

    private List<ExportMetricsServiceRequest> metrics() {
        return received.stream()
                .filter(request -> request.path().equals("/v1/metrics"))
                .map(request -> {
                    try {
                        return ExportMetricsServiceRequest.parseFrom(request.body());
                    } catch (InvalidProtocolBufferException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .toList();
    }

    private static List<NumberDataPoint> points(Metric metric) {
        return metric.hasSum()
                ? metric.getSum().getDataPointsList()
                : metric.getGauge().getDataPointsList();
    }

    private static Map<String, String> labels(List<KeyValue> attributes) {
        return attributes.stream()
                .collect(Collectors.toMap(
                        KeyValue::getKey, attribute -> attribute.getValue().getStringValue()));
    }

    private static String text(Map<String, String> labels) {
        return labels.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
