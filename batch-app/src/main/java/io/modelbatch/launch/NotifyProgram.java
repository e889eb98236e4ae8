package io.modelbatch.launch;

import com.google.common.io.ByteStreams;
import io.modelbatch.base.PrintableText;
import io.modelbatch.jobspec.Notification;
import io.modelbatch.process.ExecutableFile;
import io.modelbatch.process.InheritedVariables;
import io.modelbatch.process.OwnSession;
import io.modelbatch.process.ParentWatch;
import io.modelbatch.process.ProcessTree;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A program that gets JSON on its standard input. It and all that it starts are ended when it has ended, or when its time is over.
 *
 * @param notification names it
 * @param environment the variables of this process; null for one that is not set
 */
record NotifyProgram(Notification notification, UnaryOperator<@Nullable String> environment) implements Notified {
    private static final Logger log = LoggerFactory.getLogger(NotifyProgram.class);
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    /** Bytes of its output that are kept. */
    private static final int KEPT = 8_000;

    @Override
    public void verify() throws NotToldException {
        Notified.verifySet(notification.inherit(), environment);
        if (candidates().stream().noneMatch(ExecutableFile::is)) {
            throw new NotToldException(
                    "the program '" + program()
                            + "' is not an executable file here. Install it, or name the interpreter first, as in [python, script.py]");
        }
    }

    @Override
    public String look() throws NotToldException {
        verify();
        return program() + " is an executable file";
    }

    @Override
    public void tell(byte[] body, NotifyLimit limit) throws NotToldException, InterruptedException {
        verify();
        if (limit.isOver()) {
            throw new NotToldException("no time was left");
        }
        String mark = "notification/" + UUID.randomUUID();
        ProcessTree tree = ProcessTree.marked(mark);
        Optional<ParentWatch> watch = Optional.empty();
        try {
            watch = ParentWatch.start(mark);
            Process process = start(mark);
            Thread input = inBackground("notification-input", () -> write(process, body));
            Thread output = inBackground("notification-output", () -> logOutput(process));
            try {
                awaitSuccess(process, limit);
            } finally {
                tree.look(process.toHandle());
                tree.end(PATIENCE);
                output.join(PATIENCE.toMillis());
                input.join(PATIENCE.toMillis());
            }
        } catch (IOException e) {
            throw new NotToldException("the program '" + program() + "' cannot be started: " + e.getMessage());
        } finally {
            watch.ifPresent(ParentWatch::close);
        }
    }

    private Process start(String mark) throws IOException {
        List<String> command = new ArrayList<>(OwnSession.prefix());
        command.addAll(notification.command());
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().putAll(InheritedVariables.of(notification.inherit(), environment));
        builder.environment().put(ProcessTree.VARIABLE, mark);
        return builder.start();
    }

    private static void awaitSuccess(Process process, NotifyLimit limit) throws NotToldException, InterruptedException {
        try {
            int exit = limit.await(process.onExit(), LIMIT).exitValue();
            if (exit != 0) {
                throw new NotToldException("the program ended with exit code " + exit + ". Its output is in batch.log");
            }
        } catch (TimeoutException e) {
            throw new NotToldException("the program did not end in time and was ended. Its output is in batch.log");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Thread inBackground(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void write(Process process, byte[] body) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(body);
        } catch (IOException e) {
            log.debug("A program that is told of the end of a run does not read all of its input", e);
        }
    }

    /** A program must not wait until somebody reads what it prints. */
    private static void logOutput(Process process) {
        try (InputStream out = process.getInputStream()) {
            String text = new String(out.readNBytes(KEPT), StandardCharsets.UTF_8);
            text.lines().forEach(line -> log.info("notify | {}", PrintableText.message(line)));
            long more = ByteStreams.exhaust(out);
            if (more > 0) {
                log.info("notify | [{} bytes more are left out]", more);
            }
        } catch (IOException e) {
            log.debug("The output of a program that is told of the end of a run cannot be read", e);
        }
    }

    private String program() {
        return notification.command().get(0);
    }

    private List<Path> candidates() {
        String path = Optional.ofNullable(environment.apply("PATH")).orElse("");
        return program().contains("/") ? List.of(Path.of(program())) : ExecutableFile.candidates(program(), path);
    }
}
