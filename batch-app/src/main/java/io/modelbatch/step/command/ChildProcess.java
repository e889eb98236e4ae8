package io.modelbatch.step.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A program that runs, and all processes that it starts. */
final class ChildProcess {
    private static final Duration READING = Duration.ofSeconds(2);

    private final Process process;
    private final ProcessTree tree;
    private final Thread reader;
    private final ProgramOutput output;

    private ChildProcess(Process process, ProcessTree tree, ProgramOutput output) {
        this.process = process;
        this.tree = tree;
        this.output = output;
        this.reader = new Thread(() -> output.readAll(process.getInputStream()), "program-output");
        reader.setDaemon(true);
    }

    /**
     * Starts a program. Its standard input is empty.
     *
     * @param mark names it and its processes apart from all others
     * @throws IOException when it cannot be started
     */
    static ChildProcess start(
            List<String> command, Path folder, Map<String, String> variables, String mark, ProgramOutput output)
            throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(variables);
        builder.environment().put(ProcessTree.VARIABLE, mark);
        ChildProcess child = new ChildProcess(builder.start(), ProcessTree.marked(mark), output);
        child.reader.start();
        return child;
    }

    /** True when the program has ended in that time. Remembers the processes that it started. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        boolean ended = process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS);
        if (!ended) {
            tree.look(process.toHandle());
        }
        return ended;
    }

    /** The exit code: of a program that a signal ended, 128 and the signal's number. */
    int exitCode() {
        return process.exitValue();
    }

    /** True when no process is left, or none after that time. */
    boolean awaitOthers(Duration patience) {
        return tree.awaitEnd(patience);
    }

    /** Ends what is left of it, and then what it printed is whole. */
    void end(Duration patience) {
        tree.look(process.toHandle());
        tree.end(patience);
        try {
            process.waitFor(READING.toMillis(), TimeUnit.MILLISECONDS);
            reader.join(READING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        output.end();
    }
}
