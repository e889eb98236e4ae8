package io.modelbatch;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.cli.Services;
import io.modelbatch.cli.Settings;
import io.modelbatch.extension.StepTypes;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A process with several workers, each an application of its own with a home and a GPU that only takes time: a machine with few processors has no
 * room for as many processes. It ends when each has had nothing to do for a while, and then says how many statements they sent.
 */
final class FixedLatencyWorkers {
    /** The file in the first home with the number of statements. */
    static final String STATEMENTS = "statements";

    private FixedLatencyWorkers() {}

    /** @param homes of the workers */
    public static void main(String[] homes) throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        List<Thread> workers = Arrays.stream(homes)
                .map(home -> new Thread(() -> BatchCommand.run(
                        new String[] {"worker", "--idle=5s", "--modelbatch.local.home=" + home},
                        FixedLatencyWorkers::start,
                        out,
                        out)))
                .toList();
        workers.forEach(Thread::start);
        for (Thread worker : workers) {
            worker.join();
        }
        Files.writeString(Path.of(homes[0], STATEMENTS), String.valueOf(StatementCounter.statements()));
        System.exit(0);
    }

    /** One after the other: Spring Boot sets up the log of the whole process, and two at a time fail. */
    private static synchronized Services start(Settings settings, StepTypes types) {
        return BatchApplication.start(settings, types, FixedLatency.class, StatementCounter.class);
    }
}
