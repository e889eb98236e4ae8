package io.modelbatch.step.command;

import io.modelbatch.extension.JobStep;
import io.modelbatch.facts.Executed;
import io.modelbatch.run.Run;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.Workspaces;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.Transfers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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
    public static final Set<String> ADJUSTABLE = Set.of("timeout", "retries", "retry-on", "limits.memory");

    private static final Logger log = LoggerFactory.getLogger(RunProgram.class);

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
        Run run = kit.run(execution);
        Workspace workspace = workspace(execution);
        ProgramExecution programs = new ProgramExecution(
                program, variables(step, execution, program, workspace), workspace, run, name(execution));
        programs.endLeftovers();
        workspace.open(execution.getId(), program.work().directory(program.options()));
        KeepFiles keep = new KeepFiles(workspace, store, execution.getId(), run.stop());
        Ended ended;
        try (OutputFile file = OutputFile.create(workspace.output())) {
            ProgramOutput output = new ProgramOutput(
                    file, programs::show, bar -> run.progress().progressBar(step.name(), bar));
            ended = new Ended(programs.attempts(output), output.last());
            output.failure()
                    .ifPresent(failure -> programs.show("[not all of the output could be kept: " + failure + "]"));
        }
        kit.verifyOwner(execution.getJobExecution());
        workspace.remove(program.options().input());
        Optional<String> output = keep.keepOutput();
        ProgramWork work = program.work();
        if (!ended.last().succeeded()) {
            keep.keepResults(program.work());
            kit.result(execution, work.facts(ended.facts(List.of(), null, output)));
            keep.saveWorkspace();
            run.stop().checkInterrupted(execution);
            Optional<String> place = output.map(object -> store.location(ObjectUri.parse(object)));
            throw new ProgramFailure(program, ended.last(), ended.printed(), place).exception();
        }
        work.keep(workspace, run.stop());
        List<StoredObject> uploaded = upload(program, workspace, execution);
        run.stop().checkInterrupted(execution);
        execution.setWriteCount(uploaded.size());
        kit.result(
                execution,
                work.facts(ended.facts(uploaded, program.options().outputs().outputs(), output)));
    }

    /** The checks before a run. */
    ProgramChecks checks() {
        return new ProgramChecks(store, variables.types(), workspaces);
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

    /** The end of a program, and the last lines that it printed. */
    private record Ended(List<Attempt> attempts, List<String> printed) {
        Attempt last() {
            return attempts.get(attempts.size() - 1);
        }

        Executed facts(List<StoredObject> uploaded, @Nullable String uri, Optional<String> output) {
            OptionalLong peak = attempts.stream()
                    .map(attempt -> attempt.memory().peak())
                    .flatMapToLong(OptionalLong::stream)
                    .max();
            return new Executed(
                    last().end() == Attempt.End.EXITED ? last().exitCode() : null,
                    attempts.size(),
                    attempts.stream()
                            .mapToDouble(attempt -> attempt.time().toMillis() / 1000.0)
                            .sum(),
                    peak.isPresent() ? peak.getAsLong() : null,
                    uploaded.size(),
                    uploaded.stream().mapToLong(StoredObject::bytes).sum(),
                    uri,
                    output.orElse(null));
        }
    }

    private Map<String, String> variables(
            JobStep<?> step, StepExecution execution, Program program, Workspace workspace) {
        Map<String, String> all = new TreeMap<>(variables.of(step, execution, program.options()));
        program.variables().forEach(all::putIfAbsent);
        all.put("MODELBATCH_WORKSPACE", workspace.files().toString());
        return all;
    }

    private List<StoredObject> upload(Program program, Workspace workspace, StepExecution execution)
            throws IOException {
        OutputOptions options = program.options().outputs();
        Optional<ObjectUri> folder = options.folder();
        if (folder.isEmpty()) {
            return List.of();
        }
        Map<String, Path> files = OutputFiles.find(workspace.files(), options.files(), program.work());
        kit.verifyOwner(execution.getJobExecution());
        kit.run(execution).results().verify(folder.get());
        StopRequest stop = kit.run(execution).stop();
        return Transfers.with(store)
                .overwriting()
                .goingOnWhile(() -> !stop.requested())
                .upload(files, folder.get());
    }

    /** The workspace of an execution. */
    Workspace workspace(StepExecution execution) {
        return new Workspace(
                workspaces.of(kit.uniqueRun(execution), execution.getStepName()), store, kit.folder(execution));
    }

    private ProgramExecution.Name name(StepExecution execution) {
        return new ProgramExecution.Name(kit.uniqueRun(execution), execution.getStepName(), execution.getId());
    }
}
