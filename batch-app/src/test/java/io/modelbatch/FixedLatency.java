package io.modelbatch;

import com.google.common.util.concurrent.Uninterruptibles;
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
import java.util.concurrent.atomic.AtomicInteger;
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

    /** The environment variable that names a file with the number of passes that a process may make. It makes any number without the file. */
    static final String PASSES = "FIXED_LATENCY_PASSES";

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(20);

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
        AtomicInteger passes = new AtomicInteger();
        return new FixedLatencyEngines(
                Integer.getInteger(GPUS, 1), Duration.ofMillis(Integer.getInteger(MILLIS, 10)), (device, batch) -> {
                    int pass = passes.incrementAndGet();
                    awaitLimitOf(pass);
                    if (pass == 1) {
                        tell(folders.home().resolve(COMPUTING));
                    }
                });
    }

    private static void awaitLimitOf(int pass) {
        String file = System.getenv(PASSES);
        while (file != null && pass > limit(Path.of(file))) {
            Uninterruptibles.sleepUninterruptibly(BETWEEN_LOOKS);
        }
    }

    private static int limit(Path file) {
        try {
            return Files.exists(file) ? Integer.parseInt(Files.readString(file)) : Integer.MAX_VALUE;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void tell(Path file) {
        try {
            Files.write(file, new byte[0]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
