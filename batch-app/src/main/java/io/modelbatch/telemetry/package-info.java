/**
 * Metrics and traces of a process: what is measured ({@link Measure}), and where it goes ({@link Telemetry}): a page that Prometheus scrapes, and an
 * OTLP endpoint that is sent to. Both are off by default.
 *
 * <p>Packages that measure use Micrometer itself. Prometheus and OpenTelemetry stay in this one.
 */
@NullMarked
package io.modelbatch.telemetry;

import org.jspecify.annotations.NullMarked;
