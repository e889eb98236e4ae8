package io.modelbatch;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A shell with job control in a terminal of its own, as {@code script} of util-linux makes it. What is typed goes through the kernel's
 * line discipline: {@link #CTRL_C} is a signal to what runs in the foreground.
 */
final class PseudoTerminal implements AutoCloseable {
    static final String CTRL_C = "\u0003";
    static final String CTRL_Z = "\u001a";
    static final String CTRL_BACKSLASH = "\u001c";
    private static final Duration LIMIT = Duration.ofMinutes(1);

    private final Process script;
    private final Path output;

    private PseudoTerminal(Process script, Path output) {
        this.script = script;
        this.output = output;
    }

    /** Opens one of that many columns in a folder. */
    static PseudoTerminal open(Path folder, int columns, Map<String, String> environment) throws IOException {
        Path output = Files.createTempFile(folder, "terminal-", ".log");
        // What starts the tests may ignore signals, as nohup does; a shell could not undo that.
        ProcessBuilder builder = new ProcessBuilder(
                        "env",
                        "--default-signal",
                        "script",
                        "--quiet",
                        "--flush",
                        "--command",
                        "stty cols " + columns + " rows 24; exec sh -i",
                        "/dev/null")
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().putAll(Map.of("TERM", "xterm", "LC_ALL", "C.UTF-8"));
        builder.environment().putAll(environment);
        return new PseudoTerminal(builder.start(), output);
    }

    /** Types keys. */
    void type(String keys) throws IOException {
        script.getOutputStream().write(keys.getBytes(StandardCharsets.UTF_8));
        script.getOutputStream().flush();
    }

    /** Types a command and Enter. */
    void command(String line) throws IOException {
        type(line + "\r");
    }

    /** Waits until it has shown a text; all up to that. */
    String await(String text) throws IOException {
        return await(output, 0, text);
    }

    /** Waits until it shows a text again. */
    void awaitAgain(String text) throws IOException {
        await(output, Files.size(output), text);
    }

    /** Waits until a file of what runs here holds a text behind its first bytes. */
    String await(Path file, long bytes, String text) throws IOException {
        Instant end = Instant.now().plus(LIMIT);
        while (true) {
            byte[] written = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
            String later =
                    new String(written, StandardCharsets.ISO_8859_1).substring((int) Math.min(bytes, written.length));
            if (later.contains(text)) {
                return later;
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError("no " + text + " in:\n" + later);
            }
            pause();
        }
    }

    /** The application in the foreground, found by the class or jar that it runs. */
    ProcessHandle application() {
        return script.descendants()
                .filter(process -> process.info()
                        .command()
                        .filter(QuickStart.JAVA.toString()::equals)
                        .isPresent())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no Java runs in the terminal"));
    }

    /** Closes the window: the kernel sends SIGHUP. */
    void hangUp() {
        script.destroyForcibly();
    }

    @Override
    public void close() {
        script.descendants().forEach(ProcessHandle::destroyForcibly);
        script.destroyForcibly();
    }

    private void pause() {
        try {
            script.waitFor(20, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
