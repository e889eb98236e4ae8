package io.modelbatch.process;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Ends the processes of a program when this process dies, however it dies: a shell waits for the end of a pipe that this process holds open. On
 * Linux only, where the variable of {@link ProcessTree} finds them.
 */
public final class ParentWatch implements AutoCloseable {
    private static final Path SHELL = Path.of("/bin/sh");
    private static final String SCRIPT = """
            trap '' HUP INT TERM
            read -r ended && exit 0
            left() { grep -lsF "$1" /proc/[0-9]*/environ | cut -d / -f 3; }
            for process in $(left "$1"); do kill -TERM "$process"; done
            tenths=0
            while [ -n "$(left "$1")" ] && [ "$tenths" -lt 50 ]; do sleep 0.1; tenths=$((tenths + 1)); done
            for process in $(left "$1"); do kill -KILL "$process"; done
            """;

    private final Process shell;

    private ParentWatch(Process shell) {
        this.shell = shell;
    }

    /**
     * Starts it; empty where it would find nothing.
     *
     * @param mark of the program
     */
    public static Optional<ParentWatch> start(String mark) throws IOException {
        if (!Files.isExecutable(SHELL) || !Files.isReadable(Path.of("/proc/self/environ"))) {
            return Optional.empty();
        }
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(List.of(SHELL.toString(), "-c", SCRIPT, "modelbatch-watch", ProcessTree.VARIABLE + "=" + mark));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD);
        builder.environment().remove(ProcessTree.VARIABLE);
        return Optional.of(new ParentWatch(builder.start()));
    }

    /** Lets it go, for the program has ended. */
    @Override
    public void close() {
        try (OutputStream in = shell.getOutputStream()) {
            in.write("ended\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException gone) {
            // Somebody ended it.
            return;
        }
    }
}
