package io.modelbatch;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.inference.FixedLatencyEngines;
import io.modelbatch.inference.InferenceEngines;
import io.modelbatch.launch.LocalFolders;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
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

    /** Is in the home of the application since it computes. */
    static final String COMPUTING = "computing";

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
    InferenceEngines fixedLatencyEngines(LocalFolders folders) {
        AtomicBoolean computing = new AtomicBoolean();
        return new FixedLatencyEngines(
                Integer.getInteger(GPUS, 1), Duration.ofMillis(Integer.getInteger(MILLIS, 10)), (device, batch) -> {
                    if (computing.compareAndSet(false, true)) {
                        tell(folders.home().resolve(COMPUTING));
                    }
                });
    }

    private static void tell(Path file) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
