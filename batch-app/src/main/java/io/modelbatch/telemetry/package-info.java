/**
 * Metrics, traces and the format of logs for the systems that watch many runs. {@link Measure} has the metrics. {@link Telemetry} shows them to
 * Prometheus, and sends metrics and traces to an OTLP endpoint. {@link GoogleLog} makes entries of Cloud Logging. All are off by default.
 *
 * <p>Packages that measure use Micrometer itself. Prometheus and OpenTelemetry stay in this one.
 */
@NullMarked
package io.modelbatch.telemetry;

import org.jspecify.annotations.NullMarked;
