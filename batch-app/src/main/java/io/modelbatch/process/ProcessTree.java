package io.modelbatch.process;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The processes that a program started. All inherit an environment variable with a value of their own, by which Linux finds those that lost their
 * parents, such as daemons; elsewhere only children of children are found. A process that was seen once is remembered.
 */
public final class ProcessTree {
    /** Its value names run, step, step execution and attempt. */
    public static final String VARIABLE = "MODELBATCH_PROCESS";

    private static final Path PROC = Path.of("/proc");
    private static final int LONGEST_ENVIRONMENT = 4 << 20;
    private static final long POLL_MILLIS = 50;

    private final String mark;
    private final Set<ProcessHandle> seen = new HashSet<>();

    private ProcessTree(String mark) {
        this.mark = mark;
    }

    /** The processes whose variable has that value, or begins with it where it ends with a slash. */
    public static ProcessTree marked(String value) {
        return new ProcessTree("\0" + VARIABLE + "=" + value + (value.endsWith("/") ? "" : "\0"));
    }

    /** Remembers a process and those below it. */
    public synchronized Set<ProcessHandle> look(ProcessHandle process) {
        seen.add(process);
        process.descendants().forEach(seen::add);
        return Set.copyOf(seen);
    }

    /** The processes that are alive. */
    public synchronized Set<ProcessHandle> alive() {
        findMarked();
        int before;
        do {
            before = seen.size();
            ProcessHandle.allProcesses()
                    .filter(process -> process.parent().filter(seen::contains).isPresent())
                    .forEach(seen::add);
        } while (seen.size() > before);
        Set<ProcessHandle> alive = new HashSet<>(seen);
        alive.removeIf(process -> !process.isAlive() || isZombie(process.pid()));
        return alive;
    }

    /**
     * Ends all of them: SIGTERM, and SIGKILL for those that do not end in that time.
     *
     * @return those that even SIGKILL has not ended yet, as while a disk does not answer
     */
    public Set<ProcessHandle> end(Duration patience) {
        Set<ProcessHandle> asked = new HashSet<>();
        long began = System.nanoTime();
        Set<ProcessHandle> alive = alive();
        while (!alive.isEmpty() && System.nanoTime() - began < patience.toNanos()) {
            alive.stream().filter(asked::add).forEach(ProcessHandle::destroy);
            pause();
            alive = alive();
        }
        long killing = System.nanoTime();
        while (!alive.isEmpty()
                && System.nanoTime() - killing < Duration.ofSeconds(2).toNanos()) {
            alive.forEach(ProcessHandle::destroyForcibly);
            pause();
            alive = alive();
        }
        return alive;
    }

    /** True when all of them end by themselves in that time. */
    public boolean awaitEnd(Duration patience) {
        long began = System.nanoTime();
        while (!alive().isEmpty()) {
            if (System.nanoTime() - began > patience.toNanos()) {
                return false;
            }
            pause();
        }
        return true;
    }

    private void findMarked() {
        if (!Files.isDirectory(PROC)) {
            return;
        }
        try (DirectoryStream<Path> processes = Files.newDirectoryStream(PROC, "[0-9]*")) {
            for (Path process : processes) {
                if (isMarked(process.resolve("environ"))) {
                    ProcessHandle.of(Long.parseLong(process.getFileName().toString()))
                            .ifPresent(seen::add);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** False for a process of another user, and for one that has just ended. */
    private boolean isMarked(Path environment) {
        try (InputStream in = Files.newInputStream(environment)) {
            String text = new String(in.readNBytes(LONGEST_ENVIRONMENT), StandardCharsets.ISO_8859_1);
            return ("\0" + text).contains(mark);
        } catch (IOException e) {
            return false;
        }
    }

    /** Ended, but nobody asked how; in a container there may be nobody who asks. */
    private static boolean isZombie(long pid) {
        return stat(pid).filter(fields -> fields.get(0).equals("Z")).isPresent();
    }

    /** The fields of {@code /proc/PID/stat} after the name, which may contain anything. */
    private static Optional<List<String>> stat(long pid) {
        try {
            String text = Files.readString(PROC.resolve(pid + "/stat"), StandardCharsets.ISO_8859_1);
            return Optional.of(List.of(text.substring(text.lastIndexOf(')') + 2).split(" ")));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(POLL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
