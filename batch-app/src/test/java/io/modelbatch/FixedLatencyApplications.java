package io.modelbatch;

import io.modelbatch.cli.BatchCommand;
import io.modelbatch.cli.Services;
import io.modelbatch.cli.Settings;
import io.modelbatch.extension.StepTypes;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * A process with several applications, each with a GPU that only takes time: a machine with few processors has no room for as many processes. Each
 * argument is a command line. When all have ended, it says how many statements they sent, and ends with their highest exit code.
 */
final class FixedLatencyApplications {
    /** The system property with the file that gets the number of statements. */
    static final String STATEMENTS = "statements";

    private FixedLatencyApplications() {}

    /** @param commands words with a space between them */
    public static void main(String[] commands) throws Exception {
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        ExecutorService threads = Executors.newFixedThreadPool(commands.length);
        List<Future<Integer>> applications = new ArrayList<>();
        for (String command : commands) {
            applications.add(threads.submit(
                    () -> BatchCommand.run(command.split(" "), FixedLatencyApplications::start, out, out)));
        }
        int exit = 0;
        for (Future<Integer> application : applications) {
            exit = Math.max(exit, application.get());
        }
        Files.writeString(Path.of(System.getProperty(STATEMENTS)), String.valueOf(StatementCounter.statements()));
        System.exit(exit);
    }

    /** One after the other: Spring Boot sets up the log of the whole process, and two at a time fail. */
    private static synchronized Services start(Settings settings, StepTypes types) {
        return BatchApplication.start(settings, types, FixedLatency.class, StatementCounter.class);
    }
}
