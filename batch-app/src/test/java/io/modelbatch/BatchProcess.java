package io.modelbatch;

import io.modelbatch.report.ReportSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The packaged application as a process of its own, in a folder of its own. */
final class BatchProcess {
    private static final Duration LIMIT = Duration.ofMinutes(5);
    static final Path JAR = Path.of("target", "batch.jar").toAbsolutePath();

    private final Process process;
    private final Path folder;
    private final Path output;
    private final Instant started = Instant.now();

    private BatchProcess(Process process, Path folder, Path output) {
        this.process = process;
        this.folder = folder;
        this.output = output;
    }

    /** Starts it in a folder, as {@link QuickStart} does. */
    static BatchProcess start(Path folder, String... arguments) throws IOException {
        return start(folder, Map.of(), arguments);
    }

    /** The same, with more in its environment. */
    static BatchProcess start(Path folder, Map<String, String> environment, String... arguments) throws IOException {
        return start(QuickStart.command(), folder, environment, arguments);
    }

    /** Starts {@code java -jar batch.jar ARGUMENTS} in a folder, as the README does. */
    static BatchProcess startJar(Path folder, String... arguments) throws IOException {
        return start(List.of(QuickStart.JAVA.toString(), "-jar", JAR.toString()), folder, Map.of(), arguments);
    }

    /** Starts {@link CrashingBatch} in a folder; it dies at a {@link CrashPoint}, written as {@code NAME:TIME}. */
    static BatchProcess startCrashing(Path folder, String crash, String... arguments) throws IOException {
        return start(QuickStart.command(CrashingBatch.class), folder, Map.of(CrashPoint.VARIABLE, crash), arguments);
    }

    /** Starts {@link InTurn} in a folder, with more in its environment. */
    static BatchProcess startInTurn(Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        return start(QuickStart.command(InTurn.class), folder, environment, arguments);
    }

    private static BatchProcess start(
            List<String> application, Path folder, Map<String, String> environment, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>(application);
        command.addAll(List.of(arguments));
        Path output = Files.createTempFile(folder, "output-", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        return new BatchProcess(builder.start(), folder, output);
    }

    /** Starts it and waits for its end. */
    static Ended run(Path folder, String... arguments) throws IOException, InterruptedException {
        return start(folder, arguments).await();
    }

    /** The end of a process. */
    record Ended(int exit, String output, Duration time) {}

    /** Waits for its end. All reports that it leaves are as their schema says. */
    Ended await() throws IOException, InterruptedException {
        if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("did not end within " + LIMIT + ":\n" + Files.readString(output));
        }
        ReportSchema.requireValid(folder.resolve("local/buckets/modelbatch/runs"));
        return new Ended(process.exitValue(), Files.readString(output), Duration.between(started, Instant.now()));
    }

    /** {@code kill -9} after a while, unless it ended before; whether it was killed. */
    boolean killAfter(Duration delay) throws InterruptedException {
        if (process.waitFor(delay.toMillis(), TimeUnit.MILLISECONDS)) {
            return false;
        }
        process.destroyForcibly();
        process.waitFor();
        return true;
    }

    /**
     * Something that comes true while the process works.
     *
     * @param <E> thrown when it cannot be found out
     */
    @FunctionalInterface
    interface Condition<E extends Exception> {
        boolean holds() throws E;
    }

    /** Waits until something is so; fails when the process ends before. */
    <E extends Exception> void awaitUntil(String what, Condition<E> condition)
            throws E, IOException, InterruptedException {
        Instant end = Instant.now().plus(LIMIT);
        while (!condition.holds()) {
            if (!process.isAlive() || Instant.now().isAfter(end)) {
                throw new AssertionError("did not come so far that " + what + ":\n" + Files.readString(output));
            }
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
    }

    /** Waits until it has printed something. */
    void awaitOutput(String text) throws IOException, InterruptedException {
        awaitUntil("it printed " + text, () -> Files.readString(output).contains(text));
    }

    /** Waits until a file or folder is there. */
    void awaitFile(Path file) throws IOException, InterruptedException {
        awaitUntil(file + " is there", () -> Files.exists(file));
    }

    /** Sends a signal by its name, {@code STOP} for one. */
    void signal(String name) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }
}
