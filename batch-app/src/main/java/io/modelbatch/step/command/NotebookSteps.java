package io.modelbatch.step.command;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.Target;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.Transfers;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** {@code notebook}: executes a notebook. */
final class NotebookSteps implements StepFactory<NotebookOptions> {
    private final StepKit kit;
    private final RunProgram programs;
    private final ObjectStore store;
    private final NotebookPlace place;

    NotebookSteps(StepKit kit, RunProgram programs, ObjectStore store, NotebookPlace place) {
        this.kit = kit;
        this.programs = programs;
        this.store = store;
        this.place = place;
    }

    @Override
    public Step create(JobStep<NotebookOptions> step) {
        return kit.single(
                step.name(),
                execution -> programs.run(
                        step, execution, work(step.options(), execution).program()));
    }

    @Override
    public List<Check> checks(JobStep<NotebookOptions> step) {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.of(
                step,
                "notebook",
                () -> isMadeByThen(step)
                        ? ProgramChecks.DOWNLOADED_BEFORE
                        : place.find(step.options()).words()));
        checks.addAll(programs.checks().of(step, step.options().program()));
        return checks;
    }

    @Override
    public void verifyReady(JobStep<NotebookOptions> step) throws IOException {
        if (!isMadeByThen(step)) {
            try {
                place.find(step.options());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException();
            }
        }
    }

    private boolean isMadeByThen(JobStep<NotebookOptions> step) {
        return ProgramChecks.mayBeDownloaded(step)
                && place.candidates(step.options().notebook()).stream().noneMatch(Files::exists);
    }

    @Override
    public List<Target> targets(NotebookOptions options) {
        return options.program().outputs().targets();
    }

    @Override
    public Set<String> adjustable() {
        return RunProgram.ADJUSTABLE;
    }

    @Override
    public void removeLeftovers(JobStep<NotebookOptions> step, JobExecution complete) {
        programs.removeLeftovers(step, complete);
    }

    private NotebookWork work(NotebookOptions options, StepExecution execution) throws Exception {
        NotebookPlace.Found found = place.find(options);
        Workspace workspace = programs.workspace(execution);
        Optional<ObjectUri> outputs = options.program().outputs().folder();
        return new NotebookWork(
                found,
                options,
                new NotebookFiles(workspace.home().resolve("notebook"), workspace.files()),
                (folder, files) -> {
                    if (outputs.isPresent()) {
                        kit.run(execution).results().verify(folder);
                    }
                    Transfers.with(store).overwriting().upload(files, folder);
                },
                outputs.orElse(kit.folder(execution)));
    }
}
