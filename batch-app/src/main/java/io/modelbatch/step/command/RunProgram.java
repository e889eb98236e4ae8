package io.modelbatch.step.command;

import io.modelbatch.base.PrintableText;
import io.modelbatch.base.Remedy;
import io.modelbatch.extension.JobStep;
import io.modelbatch.facts.Executed;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.Workspaces;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.Transfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.StepExecution;

/**
 * Runs a program as the work of a step: in a workspace, as often as its options say, ended when the run is asked to stop. What it prints is shown
 * and kept, and the files that it leaves are uploaded.
 */
public final class RunProgram {
    /** The options that do not decide the result. */
    public static final Set<String> ADJUSTABLE = Set.of("timeout", "retries", "retry-on", "limits");

    private static final Logger log = LoggerFactory.getLogger(RunProgram.class);
    private static final Duration POLL = Duration.ofMillis(100);
    private static final Duration OTHERS = Duration.ofSeconds(1);
    /** After it SIGKILL follows. A stop as a whole may take nine seconds. */
    private static final Duration SIGTERM = Duration.ofSeconds(5);

    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final StepKit kit;
    private final ObjectStore store;
    private final Workspaces workspaces;
    private final ProgramVariables variables;

    RunProgram(StepKit kit, ObjectStore store, Workspaces workspaces, ProgramVariables variables) {
        this.kit = kit;
        this.store = store;
        this.workspaces = workspaces;
        this.variables = variables;
    }

    /** Runs it to its success. */
    void run(JobStep<?> step, StepExecution execution, Program program) throws Exception {
        endLeftovers(execution);
        Workspace workspace = workspace(execution);
        workspace.open(
                execution.getId(),
                Optional.ofNullable(program.options().directory()).map(Path::of));
        List<Attempt> attempts = new ArrayList<>();
        Kept kept;
        List<String> lastLines;
        try (OutputFile file = OutputFile.create(workspace.output())) {
            ProgramOutput output = new ProgramOutput(file, line -> show(execution, line));
            attempts(step, execution, program, workspace, output, attempts);
            lastLines = output.last();
        } finally {
            kept = new Kept(keepOutput(execution, workspace));
        }
        Attempt last = attempts.get(attempts.size() - 1);
        ProgramWork work = program.work();
        if (!last.succeeded()) {
            keepOfFailed(work, workspace, kit.run(execution).stop());
            kit.result(execution, work.facts(facts(attempts, List.of(), null, kept.output())));
            save(workspace, execution);
            kit.run(execution).stop().checkInterrupted(execution);
            throw failure(program, last, lastLines, kept.output());
        }
        work.keep(workspace, kit.run(execution).stop());
        List<StoredObject> uploaded =
                upload(program, workspace, kit.run(execution).stop());
        kit.run(execution).stop().checkInterrupted(execution);
        execution.setWriteCount(uploaded.size());
        kit.result(
                execution,
                work.facts(facts(attempts, uploaded, program.options().outputs().outputs(), kept.output())));
    }

    /** Keeps the files of a program that failed or was ended. A failure to keep them must not hide that one. */
    private static void keepOfFailed(ProgramWork work, Workspace workspace, StopRequest stop)
            throws InterruptedException {
        try {
            work.keep(workspace, stop);
        } catch (IOException e) {
            log.warn("Files of {} could not be saved; they stay on this machine", workspace.files(), e);
        }
    }

    /** Removes the files of the workspace. */
    public void removeLeftovers(JobStep<?> step, JobExecution complete) {
        kit.verifyOwner(complete);
        StepExecution last = kit.repository().getLastStepExecution(complete.getJobInstance(), step.name());
        if (last == null) {
            return;
        }
        try {
            workspaces.remove(kit.uniqueRun(last), step.name());
            workspace(last).removeSaved(0);
        } catch (IOException e) {
            log.warn("The workspace of {} could not be removed; prune removes it with its run", step.name(), e);
        }
    }

    private record Kept(@Nullable String output) {}

    private void attempts(
            JobStep<?> step,
            StepExecution execution,
            Program program,
            Workspace workspace,
            ProgramOutput output,
            List<Attempt> attempts)
            throws Exception {
        Map<String, String> environment = new TreeMap<>(program.variables());
        environment.putAll(variables.of(step, execution, program.options()));
        environment.put("MODELBATCH_WORKSPACE", workspace.files().toString());
        StopRequest stop = kit.run(execution).stop();
        RetryOptions retry = program.options().retry();
        while (true) {
            int number = attempts.size() + 1;
            environment.put("MODELBATCH_ATTEMPT", Integer.toString(number));
            program.work().prepare(workspace);
            Attempt attempt = program.work()
                    .ended(attempt(execution, program, workspace, environment, number, output), workspace);
            attempts.add(attempt);
            boolean again = attempt.end() == Attempt.End.EXITED
                    && retry.retryOn().contains(attempt.exitCode())
                    && number <= retry.retries();
            if (!again) {
                return;
            }
            Duration pause = pause(number);
            show(
                    execution,
                    "[exit code %d, retry %d of %d in %d s]"
                            .formatted(attempt.exitCode(), number, retry.retries(), pause.toSeconds()));
            waitUnlessStopped(pause, stop);
            stop.checkInterrupted(execution);
        }
    }

    private Attempt attempt(
            StepExecution execution,
            Program program,
            Workspace workspace,
            Map<String, String> environment,
            int number,
            ProgramOutput output)
            throws Exception {
        StopRequest stop = kit.run(execution).stop();
        long began = System.nanoTime();
        String mark = mark(execution) + execution.getId() + "." + number;
        ChildProcess child = start(program, workspace, environment, mark, output);
        Attempt.End end = Attempt.End.EXITED;
        try {
            Optional<Duration> limit = program.options().limit();
            while (!child.awaitEnd(POLL)) {
                if (stop.requested()) {
                    end = Attempt.End.STOPPED;
                    break;
                }
                if (limit.isPresent() && System.nanoTime() - began > limit.get().toNanos()) {
                    end = Attempt.End.TIMED_OUT;
                    break;
                }
            }
            if (end == Attempt.End.EXITED && !child.awaitOthers(OTHERS)) {
                show(execution, "[the program left processes in the background; they are ended]");
            }
        } finally {
            child.end(SIGTERM);
        }
        return new Attempt(end, child.exitCode(), Duration.ofNanos(System.nanoTime() - began));
    }

    private ChildProcess start(
            Program program, Workspace workspace, Map<String, String> environment, String mark, ProgramOutput output) {
        List<String> command = new ArrayList<>(program.command());
        command.set(
                0,
                ProgramFile.find(command.get(0), workspace.files(), environment).toString());
        try {
            return ChildProcess.start(command, workspace.files(), environment, mark, output);
        } catch (IOException e) {
            throw new ProgramException(
                    "The program '" + command.get(0) + "' cannot be started: " + e.getMessage(), Remedy.CHANGE);
        }
    }

    /** Of an execution on this machine that was killed. */
    private void endLeftovers(StepExecution execution) {
        ProcessTree left = ProcessTree.marked(mark(execution));
        int processes = left.alive().size();
        if (processes > 0) {
            show(execution, "[%d processes of an execution that was killed are ended]".formatted(processes));
            left.end(SIGTERM);
        }
    }

    private List<StoredObject> upload(Program program, Workspace workspace, StopRequest stop) throws IOException {
        OutputOptions options = program.options().outputs();
        Optional<ObjectUri> folder = options.folder();
        if (folder.isEmpty()) {
            return List.of();
        }
        return Transfers.with(store)
                .overwriting()
                .goingOnWhile(() -> !stop.requested())
                .upload(OutputFiles.find(workspace.files(), options.files(), program.work()), folder.get());
    }

    /** Uploads the output. A failure must not fail the step, nor hide why it failed. */
    private @Nullable String keepOutput(StepExecution execution, Workspace workspace) {
        ObjectUri object = kit.folder(execution).child("output-" + execution.getId() + ".log");
        try {
            if (Files.size(workspace.output()) == 0) {
                return null;
            }
            store.put(object, workspace.output());
            return object.toString();
        } catch (IOException e) {
            log.warn("{} could not be saved as {}", workspace.output(), object, e);
            return null;
        }
    }

    private void save(Workspace workspace, StepExecution execution) {
        try {
            workspace.save(execution.getId());
        } catch (IOException e) {
            log.warn("{} could not be saved; it stays on this machine", workspace.files(), e);
        }
    }

    private void show(StepExecution execution, String line) {
        log.info("{}: {}", execution.getStepName(), line);
        kit.run(execution).progress().output(execution.getStepName(), line);
    }

    private static Executed facts(
            List<Attempt> attempts, List<StoredObject> uploaded, @Nullable String uri, @Nullable String output) {
        Attempt last = attempts.get(attempts.size() - 1);
        return new Executed(
                last.end() == Attempt.End.EXITED ? last.exitCode() : null,
                attempts.size(),
                attempts.stream()
                        .mapToDouble(attempt -> attempt.time().toMillis() / 1000.0)
                        .sum(),
                null,
                uploaded.size(),
                uploaded.stream().mapToLong(StoredObject::bytes).sum(),
                uri,
                output);
    }

    private static ProgramException failure(
            Program program, Attempt last, List<String> lines, @Nullable String output) {
        Remedy remedy = last.end() == Attempt.End.TIMED_OUT
                        || program.options().retry().retryOn().contains(last.exitCode())
                ? Remedy.RETRY
                : Remedy.CHANGE;
        Optional<String> cause = program.work().cause(last);
        if (cause.isPresent()) {
            return new ProgramException(cause.get(), remedy);
        }
        String name = "The program '" + PrintableText.line(String.join(" ", program.command())) + "'";
        String printed = lines.stream()
                .filter(line -> !line.isBlank())
                .reduce((first, later) -> later)
                .map(line -> ". It printed last: " + PrintableText.shortened(line, 300))
                .orElse("");
        String where = output == null ? "" : ". All that it printed: " + output;
        if (last.end() == Attempt.End.TIMED_OUT) {
            return new ProgramException(
                    name + " was ended after its timeout of "
                            + program.options().timeout() + printed + where,
                    remedy);
        }
        return new ProgramException(name + " ended with " + ExitCodes.words(last.exitCode()) + printed + where, remedy);
    }

    /** The workspace of an execution. */
    Workspace workspace(StepExecution execution) {
        return new Workspace(
                workspaces.of(kit.uniqueRun(execution), execution.getStepName()), store, kit.folder(execution));
    }

    private String mark(StepExecution execution) {
        return kit.uniqueRun(execution) + "/" + execution.getStepName() + "/";
    }

    private static Duration pause(int attempt) {
        return Duration.ofSeconds(Math.min(1L << Math.min(attempt - 1, 10), LONGEST_PAUSE.toSeconds()));
    }

    private static void waitUnlessStopped(Duration time, StopRequest stop) throws InterruptedException {
        long began = System.nanoTime();
        while (!stop.requested() && System.nanoTime() - began < time.toNanos()) {
            Thread.sleep(POLL.toMillis());
        }
    }
}
