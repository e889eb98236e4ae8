package io.modelbatch;

import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import io.modelbatch.telemetry.Telemetry;
import io.modelbatch.telemetry.TelemetrySettings;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;

/** Wires metrics and traces. */
@Configuration(proxyBeanMethods = false)
class TelemetryConfiguration {
    @Bean
    CompositeMeterRegistry meters() {
        return new CompositeMeterRegistry();
    }

    @Bean
    Telemetry telemetry(Environment properties, ObservationRegistry observations, CompositeMeterRegistry meters) {
        return new Telemetry(TelemetrySettings.of(properties::getProperty), observations, meters);
    }
}
