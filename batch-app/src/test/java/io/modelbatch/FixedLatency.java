package io.modelbatch;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.inference.FixedLatencyEngines;
import io.modelbatch.inference.InferenceEngines;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;

/**
 * Gives an application {@linkplain FixedLatencyEngines GPUs} that only take time, to be given to it as one more configuration. Also a program: the
 * application with such GPUs.
 */
@Configuration(proxyBeanMethods = false)
class FixedLatency {
    /** The system property with the number of GPUs. */
    static final String GPUS = "fixed-latency.gpus";
    /** The system property with the milliseconds of a pass. */
    static final String MILLIS = "fixed-latency.millis";

    /** As {@link BatchApplication#main}. */
    public static void main(String[] arguments) {
        System.exit(BatchCommand.run(
                arguments,
                (settings, types) -> BatchApplication.start(settings, types, FixedLatency.class),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
    }

    @Bean
    @Primary
    InferenceEngines fixedLatencyEngines() {
        return new FixedLatencyEngines(Integer.getInteger(GPUS, 1), Duration.ofMillis(Integer.getInteger(MILLIS, 10)));
    }
}
