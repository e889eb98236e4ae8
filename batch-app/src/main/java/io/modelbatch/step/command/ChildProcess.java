package io.modelbatch.step.command;

import io.modelbatch.base.Interval;
import io.modelbatch.process.OwnSession;
import io.modelbatch.process.ParentWatch;
import io.modelbatch.process.ProcessTree;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A program that runs, and all processes that it starts. */
final class ChildProcess {
    private static final Duration READING = Duration.ofSeconds(2);
    private static final Duration LOOKING = Duration.ofSeconds(1);
    private static final int KILLED = 128 + 9;

    private final Process process;
    private final ProcessTree tree;
    private final Optional<ParentWatch> watch;
    private final ProgramOutput output;
    private final Thread reader;
    private final PeakMemory peak = new PeakMemory();
    private final Interval looks = new Interval(LOOKING);

    private ChildProcess(Process process, ProcessTree tree, Optional<ParentWatch> watch, ProgramOutput output) {
        this.process = process;
        this.tree = tree;
        this.watch = watch;
        this.output = output;
        this.reader = new Thread(() -> output.readAll(process.getInputStream()), "program-output");
        reader.setDaemon(true);
    }

    /**
     * The start of a program.
     *
     * @param command the program and its arguments
     * @param folder in which it starts
     * @param variables its environment
     * @param mark names it and its processes apart from all others
     */
    record Start(List<String> command, Path folder, Map<String, String> variables, String mark) {}

    /**
     * Starts a program. Its standard input is empty.
     *
     * @throws IOException when it cannot be started
     */
    static ChildProcess start(Start start, MemoryLimit limit, ProgramOutput output) throws IOException {
        List<String> command = new ArrayList<>(limit.prefix());
        command.addAll(OwnSession.prefix());
        command.addAll(start.command());
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(start.folder().toFile()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(start.variables());
        builder.environment().put(ProcessTree.VARIABLE, start.mark());
        Optional<ParentWatch> watch = ParentWatch.start(start.mark());
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            ChildProcess child = new ChildProcess(process, ProcessTree.marked(start.mark()), watch, output);
            child.reader.start();
            return child;
        } catch (IOException e) {
            watch.ifPresent(ParentWatch::close);
            throw e;
        }
    }

    /** True when the program has ended in that time. Looks at its processes now and then. */
    boolean awaitEnd(Duration time) throws InterruptedException {
        if (process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
            return true;
        }
        if (looks.isDue()) {
            tree.look(process.toHandle()).forEach(each -> peak.look(each.pid()));
        }
        return false;
    }

    /** The exit code: of a program that a signal ended, 128 and the signal's number. */
    int exitCode() {
        return process.isAlive() ? KILLED : process.exitValue();
    }

    /** The most memory that one of its processes had, as far as it was seen. */
    OptionalLong peak() {
        return peak.bytes();
    }

    /** True when no process is left, or none after that time. */
    boolean awaitOthers(Duration patience) {
        return tree.awaitEnd(patience);
    }

    /**
     * Ends what is left of it, and then what it printed is whole.
     *
     * @return the processes that could not be ended
     */
    Set<ProcessHandle> end(Duration patience) {
        tree.look(process.toHandle());
        Set<ProcessHandle> left = tree.end(patience);
        watch.ifPresent(ParentWatch::close);
        try {
            process.waitFor(READING.toMillis(), TimeUnit.MILLISECONDS);
            reader.join(READING.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        output.end();
        return left;
    }
}
