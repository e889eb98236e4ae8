package io.modelbatch.step.command;

import io.modelbatch.base.Remedy;
import io.modelbatch.process.ProcessTree;
import io.modelbatch.run.Run;
import io.modelbatch.run.RunLog;
import io.modelbatch.run.StopRequest;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The attempts at a program in one execution of its step. */
final class ProgramExecution {
    private static final Logger log = LoggerFactory.getLogger(ProgramExecution.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration OTHERS = Duration.ofSeconds(1);
    /** systemd sends a signal to Modelbatch and its programs at once; a program may end before Modelbatch is told. */
    private static final Duration SIGNALLED_TOO = Duration.ofMillis(200);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    /** After it SIGKILL follows. A stop as a whole may take nine seconds. */
    private static final Duration SIGTERM = Duration.ofSeconds(5);

    private final Program program;
    private final Map<String, String> variables;
    private final Workspace workspace;
    private final Run run;
    private final Name name;

    /**
     * The name of a step execution, apart from all others.
     *
     * @param run {@code StepKit.uniqueRun}
     * @param step the step
     * @param execution the id of the step execution
     */
    record Name(String run, String step, long execution) {
        /** The beginning of the marks of all attempts in all executions. */
        String ofStep() {
            return run + "/" + step + "/";
        }

        String attempt(int number) {
            return ofStep() + execution + "." + number;
        }
    }

    /**
     * Nothing is started yet.
     *
     * @param variables environment variables that are the same in all attempts
     */
    ProgramExecution(Program program, Map<String, String> variables, Workspace workspace, Run run, Name name) {
        this.program = program;
        this.variables = variables;
        this.workspace = workspace;
        this.run = run;
        this.name = name;
    }

    /** Ends processes of an execution on this machine that was killed. */
    void endLeftovers() {
        ProcessTree left = ProcessTree.marked(name.ofStep());
        int processes = left.alive().size();
        if (processes > 0) {
            show("[ending %d %s that an earlier execution left]"
                    .formatted(processes, processes == 1 ? "process" : "processes"));
            complain(left.end(SIGTERM));
        }
    }

    /** Tries it until it succeeds, another attempt is not worth it, or the run is asked to stop. */
    List<Attempt> attempts(ProgramOutput output) throws IOException, InterruptedException {
        RetryOptions retry = program.options().retry();
        List<Attempt> attempts = new ArrayList<>();
        while (true) {
            int number = attempts.size() + 1;
            program.work().prepare(workspace);
            workspace.download(program.options().input(), run.stop());
            Attempt attempt = program.work().ended(attempt(number, output), workspace);
            attempts.add(attempt);
            if (attempt.end() != Attempt.End.EXITED
                    || !retry.retryOn().contains(attempt.exitCode())
                    || number > retry.retries()) {
                return attempts;
            }
            Duration pause = pause(number);
            show("[%s, retry %d of %d in %d s]"
                    .formatted(ExitCodes.words(attempt.exitCode()), number, retry.retries(), pause.toSeconds()));
            if (!awaitUnlessStopped(pause)) {
                return attempts;
            }
        }
    }

    /** Shows a line of the program, or one about it. */
    void show(String line) {
        log.info(RunLog.OF_RUN, "{}: {}", name.step(), line);
        run.progress().output(name.step(), line);
    }

    private Attempt attempt(int number, ProgramOutput output) throws InterruptedException {
        long began = System.nanoTime();
        Map<String, String> environment = new TreeMap<>(variables);
        environment.put("MODELBATCH_ATTEMPT", Integer.toString(number));
        List<String> command = new ArrayList<>(program.command());
        command.set(
                0,
                ProgramFile.find(command.get(0), workspace.files(), ProgramVariables.path(program.options()))
                        .toString());
        try (MemoryLimit limit =
                MemoryLimit.of(program.options().limitOptions(), "modelbatch-" + name.run() + "-" + name.step())) {
            if (!limit.words().isEmpty() && number == 1) {
                show("[memory limit: " + limit.words() + "]");
            }
            KernelKills kills = KernelKills.before(limit);
            ChildProcess child = ChildProcess.start(
                    new ChildProcess.Start(command, workspace.files(), environment, name.attempt(number)),
                    limit,
                    output);
            Attempt.End end = await(child, began);
            OptionalLong peak = limit.group().map(ControlGroup::peak).orElseGet(child::peak);
            return new Attempt(
                    end,
                    child.exitCode(),
                    Duration.ofNanos(System.nanoTime() - began),
                    new Attempt.Memory(peak, kills.after()));
        } catch (IOException e) {
            throw new ProgramException(
                    "The program '" + program.command().get(0) + "' cannot be started: " + e.getMessage(),
                    Remedy.CHANGE);
        }
    }

    private Attempt.End await(ChildProcess child, long began) throws InterruptedException {
        try {
            Attempt.End end = end(child, began, run.stop());
            if (end == Attempt.End.EXITED && !child.awaitOthers(OTHERS)) {
                show("[the program has ended and left processes in the background; ending them]");
            }
            return end == Attempt.End.EXITED && !awaitUnlessStopped(SIGNALLED_TOO) ? Attempt.End.STOPPED : end;
        } finally {
            boolean interrupted = Thread.interrupted();
            complain(child.end(SIGTERM));
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private Attempt.End end(ChildProcess child, long began, StopRequest stop) throws InterruptedException {
        Optional<Duration> limit = program.options().limit();
        while (!child.awaitEnd(POLL)) {
            if (stop.requested()) {
                return Attempt.End.STOPPED;
            }
            if (limit.isPresent() && System.nanoTime() - began > limit.get().toNanos()) {
                return Attempt.End.TIMED_OUT;
            }
        }
        return Attempt.End.EXITED;
    }

    private void complain(Set<ProcessHandle> left) {
        if (!left.isEmpty()) {
            show("[not even SIGKILL has ended the processes "
                    + left.stream().map(ProcessHandle::pid).toList() + " yet]");
        }
    }

    private static Duration pause(int attempt) {
        return Duration.ofSeconds(Math.min(1L << Math.min(attempt - 1, 10), LONGEST_PAUSE.toSeconds()));
    }

    /** False when the run was asked to stop meanwhile. */
    private boolean awaitUnlessStopped(Duration time) throws InterruptedException {
        long began = System.nanoTime();
        while (!run.stop().requested()) {
            if (System.nanoTime() - began > time.toNanos()) {
                return true;
            }
            Thread.sleep(POLL.toMillis());
        }
        return false;
    }
}
