package io.modelbatch;

import io.modelbatch.inference.FixedLatencyEngines;
import io.modelbatch.inference.InferenceEngines;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/** Gives an application {@linkplain FixedLatencyEngines GPUs} that only take time, to be given to it as one more configuration. */
@Configuration(proxyBeanMethods = false)
class FixedLatency {
    /** The system property with the number of GPUs. */
    static final String GPUS = "fixed-latency.gpus";
    /** The system property with the milliseconds of a pass. */
    static final String MILLIS = "fixed-latency.millis";

    @Bean
    @Primary
    InferenceEngines fixedLatencyEngines() {
        return new FixedLatencyEngines(Integer.getInteger(GPUS, 1), Duration.ofMillis(Integer.getInteger(MILLIS, 10)));
    }
}
