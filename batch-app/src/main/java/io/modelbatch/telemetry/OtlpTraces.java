package io.modelbatch.telemetry;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.otel.bridge.OtelCurrentTraceContext;
import io.micrometer.tracing.otel.bridge.OtelTracer;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.common.AttributesBuilder;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporterBuilder;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import java.net.URI;

/** Sends a trace for each execution of a run by OTLP: a span for the job, each step and each partition. */
final class OtlpTraces implements AutoCloseable {
    private final SdkTracerProvider provider;

    private OtlpTraces(SdkTracerProvider provider) {
        this.provider = provider;
    }

    static OtlpTraces open(OtlpEndpoint endpoint, URI uri) {
        OtlpHttpSpanExporterBuilder exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(uri.toString())
                .setConnectTimeout(OtlpEndpoint.CONNECT)
                .setTimeout(OtlpEndpoint.ANSWER);
        endpoint.headers().forEach(exporter::addHeader);
        AttributesBuilder resource = Attributes.builder();
        endpoint.resource().forEach(resource::put);
        return new OtlpTraces(SdkTracerProvider.builder()
                .setResource(Resource.create(resource.build()))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter.build()).build())
                .build());
    }

    /** Makes spans of what Spring Batch observes. */
    ObservationHandler<?> handler() {
        return new DefaultTracingObservationHandler(
                new OtelTracer(provider.get("modelbatch"), new OtelCurrentTraceContext(), event -> {})) {
            @Override
            public boolean supportsContext(Observation.Context context) {
                return ObservedSteps.isOfJobOrStep(context);
            }
        };
    }

    /** Sends what is left. */
    @Override
    public void close() {
        provider.close();
    }
}
