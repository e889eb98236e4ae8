package io.modelbatch.launch;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.ParameterValue;
import io.modelbatch.launch.RunRequest.Again;
import io.modelbatch.launch.RunRequest.Changes;
import io.modelbatch.run.ActiveRun;
import io.modelbatch.run.ActiveRuns;
import io.modelbatch.run.ExecutionProcess;
import io.modelbatch.run.RecoverRun;
import io.modelbatch.run.RepositoryOutage;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunDefinition;
import io.modelbatch.run.RunEvent;
import io.modelbatch.run.RunName;
import io.modelbatch.run.RunParameters;
import io.modelbatch.run.RunSequence;
import io.modelbatch.run.RunTrace;
import io.modelbatch.run.claim.ClaimLostException;
import io.modelbatch.run.claim.Claims;
import io.modelbatch.run.claim.RunHeldException;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.JobFactory;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobExecutionException;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.launch.JobOperator;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.dao.DataAccessException;
import org.springframework.dao.DataAccessResourceFailureException;
import org.springframework.transaction.TransactionException;

/**
 * Starts a job, or resumes the unfinished run of the same parameters. A run that is complete is reported as such,
 * unless a new one is wanted; but a job without parameters has no day that it was done for, and each command means a new run.
 */
public final class StartRun {
    private static final Logger log = LoggerFactory.getLogger(StartRun.class);

    /** Attempts to record a failure on a full disk. Another process may hold the job repository's file for a moment. */
    private static final int LAST_WORDS = 5;

    private final JobRepository repository;
    private final JobOperator operator;
    private final JobFactory jobs;
    private final ActiveRuns runs;
    private final StopOnSignal stop;
    private final FinishRun finish;
    private final NotifyOfEnd notify;

    StartRun(
            JobRepository repository,
            JobOperator operator,
            JobFactory jobs,
            ActiveRuns runs,
            StopOnSignal stop,
            FinishRun finish,
            NotifyOfEnd notify) {
        this.repository = repository;
        this.operator = operator;
        this.jobs = jobs;
        this.runs = runs;
        this.stop = stop;
        this.finish = finish;
        this.notify = notify;
    }

    /**
     * Returns when the run ended.
     *
     * @throws RunHeldException when another process holds the run, or another run writes what it would write
     * @throws ClaimLostException when the run was taken over meanwhile; nothing more is written for it
     * @throws RunNotStartedException when the folder of a result cannot be written
     * @throws RunChangedException when the unfinished run began with other settings and they are not accepted
     */
    public RunOutcome start(RunRequest request, Consumer<RunEvent> listener) {
        JobSpec job = request.job();
        RunParameters parameters = new RunParameters(job.name(), texts(job.parameters()));
        keepRoom(request);
        try (ActiveRun run = runs.take(parameters.key(), request.patience(), listener)) {
            run.fallBackAfter(spotFallbackAfter(job));
            stop.runBegins(run);
            RunOutcome outcome = runMeasured(request, parameters, run);
            if (outcome.computed()) {
                notify.tell(request.notifications(), outcome, run);
            }
            return outcome;
        } catch (JobExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private RunOutcome runMeasured(RunRequest request, RunParameters parameters, ActiveRun run)
            throws JobExecutionException {
        MeasuredRun measured = finish.metrics().begins(run, request.job().name());
        try {
            RunOutcome outcome = runThroughOutages(request, parameters, run);
            measured.ended(outcome.exit());
            return outcome;
        } catch (RuntimeException e) {
            measured.ended(e);
            throw e;
        }
    }

    private static OptionalInt spotFallbackAfter(JobSpec job) {
        return Stream.ofNullable(job.resources())
                .flatMap(resources -> Stream.ofNullable(resources.spot()))
                .flatMap(spot -> Stream.ofNullable(spot.fallbackAfter()))
                .mapToInt(Integer::intValue)
                .findFirst();
    }

    private void keepRoom(RunRequest request) {
        try {
            finish.disks().keepRoom();
        } catch (IOException e) {
            throw RunNotStartedException.of(e, finish.disks(), request.command());
        }
    }

    private RunOutcome runThroughOutages(RunRequest request, RunParameters parameters, ActiveRun run)
            throws JobExecutionException {
        RepositoryOutage outage = new RepositoryOutage(run.claim().lease(), () -> commits(parameters, run));
        RunRequest next = request;
        while (true) {
            try {
                return run(next, parameters, run);
            } catch (RuntimeException e) {
                Optional<FailureCause> disk = finish.disks().cause(e);
                if (disk.isPresent()) {
                    return lastWords(disk.get(), next, run, parameters, e);
                }
                if (!RepositoryOutage.is(e)) {
                    throw e;
                }
                log.warn("The job repository does not answer; the run resumes when it answers again", e);
                run.events().waits(RepositoryAbsence.words(e));
                outage.await(e);
                next = request.resuming();
            }
        }
    }

    /** A volume is full: what the run left open is recorded as failed, in the room that was kept for that, or else by the next start. */
    private RunOutcome lastWords(
            FailureCause disk, RunRequest request, ActiveRun run, RunParameters parameters, RuntimeException failure) {
        log.warn("A volume is full or not writable", failure);
        for (int attempt = 1; attempt <= LAST_WORDS; attempt++) {
            finish.disks().makeRoom();
            try {
                return sequence(run)
                        .newest(parameters)
                        .execution()
                        .filter(StartRun::isUnfinished)
                        .map(last -> finish.ended(last, Optional.of(disk), run.log(), request.command()))
                        .orElseThrow(() -> RunNotStartedException.of(failure, disk, request.command()));
            } catch (DataAccessException | TransactionException e) {
                log.warn("The run could not be recorded as failed", e);
                Claims.pause();
            }
        }
        throw RunNotStartedException.of(failure, disk, request.command());
    }

    private RunSequence sequence(ActiveRun run) {
        return new RunSequence(repository, run.claim().lease().claim());
    }

    private long commits(RunParameters parameters, ActiveRun run) {
        return sequence(run).newest(parameters).execution().stream()
                .flatMap(last -> repository.getJobExecutions(last.getJobInstance()).stream())
                .flatMap(execution -> execution.getStepExecutions().stream())
                .mapToLong(StepExecution::getCommitCount)
                .sum();
    }

    private RunOutcome run(RunRequest request, RunParameters parameters, ActiveRun run) throws JobExecutionException {
        RunSequence.Newest newest = sequence(run).newest(parameters);
        Optional<JobExecution> complete = newest.execution().filter(last -> last.getStatus() == BatchStatus.COMPLETED);
        if (complete.isPresent()
                && request.again() == Again.RESUME
                && !parameters.values().isEmpty()) {
            run.claim().removeLeft(parameters.key(), jobs.targets(request.job()));
            return finish.alreadyComplete(complete.get(), request.command());
        }
        claimTargets(request, parameters, run);
        RunDefinition definition = RunDefinition.of(
                request.job().settings(),
                request.job().spelled(),
                request.job().description(),
                request.job().report().samples());
        Optional<JobExecution> unfinished = newest.execution().filter(StartRun::isUnfinished);
        Optional<JobExecution> died = unfinished.filter(last -> RecoverRun.isRecovered(last) && !run.hasBegun(last));
        if (unfinished.isPresent() && request.again() == Again.RESUME) {
            definition = accepted(definition, unfinished.get(), request, parameters);
            return run(request, parameters.sequence(newest.number()), definition, run, RunEvent.Mode.RESUMED, died);
        }
        if (unfinished.isPresent()) {
            new RecoverRun(repository, run.claim().lease().claim()).abandon(unfinished.get());
        }
        long number = newest.execution().isPresent() ? newest.number() + 1 : newest.number();
        return run(request, parameters.sequence(number), definition, run, RunEvent.Mode.NEW, died);
    }

    private RunOutcome run(
            RunRequest request,
            JobParameters parameters,
            RunDefinition definition,
            ActiveRun run,
            RunEvent.Mode mode,
            Optional<JobExecution> died)
            throws JobExecutionException {
        run.events().expect(texts(request.job().parameters()), mode);
        AbstractJob job = jobs.create(request.job(), run.events());
        job.registerJobExecutionListener(
                keep(definition, ExecutionProcess.self(request.command().text()), run));
        job.registerJobExecutionListener(run.log());
        job.registerJobExecutionListener(notifyAtStart(request, died, run));
        JobExecution ended;
        try (KeepReport report = finish.keepReport(run, request.command())) {
            ended = operator.start(job, parameters);
        }
        if (ended.getStatus() != BatchStatus.COMPLETED) {
            List<Throwable> failures = ended.getAllFailureExceptions();
            Optional<Throwable> disk = failures.stream()
                    .filter(failure -> finish.disks().cause(failure).isPresent())
                    .findFirst();
            if (disk.isPresent()) {
                throw new DataAccessResourceFailureException("a volume is full or not writable", disk.get());
            }
            Optional<Throwable> outage = RepositoryOutage.among(failures);
            if (outage.isPresent()) {
                throw new DataAccessResourceFailureException("the job repository does not answer", outage.get());
            }
        }
        return finish.ended(ended, run.log(), request.command());
    }

    private void claimTargets(RunRequest request, RunParameters parameters, ActiveRun run) {
        try {
            String key = parameters.key();
            run.claim()
                    .acquire(
                            key,
                            jobs.targets(request.job()),
                            request.patience(),
                            reason -> run.events().waits(key, reason));
        } catch (IOException e) {
            throw RunNotStartedException.of(e, finish.disks(), request.command());
        }
    }

    /** Before the first step begins: a run cannot be resumed as something else than it began. */
    private JobExecutionListener keep(RunDefinition definition, ExecutionProcess process, ActiveRun run) {
        return new JobExecutionListener() {
            @Override
            public void beforeJob(JobExecution execution) {
                run.begins(execution);
                definition.keep(execution);
                process.keep(execution);
                RunTrace.keep(finish.metrics().span(), execution);
                repository.updateExecutionContext(execution);
            }
        };
    }

    private JobExecutionListener notifyAtStart(RunRequest request, Optional<JobExecution> died, ActiveRun run) {
        return new JobExecutionListener() {
            @Override
            public void beforeJob(JobExecution execution) {
                notify.warn(request.notifications(), run);
                died.ifPresent(last -> notify.tellDied(
                        request.notifications(), last, texts(request.job().parameters()), run));
            }
        };
    }

    private static boolean isUnfinished(JobExecution last) {
        return last.getStatus() != BatchStatus.COMPLETED && last.getStatus() != BatchStatus.ABANDONED;
    }

    private RunDefinition accepted(RunDefinition now, JobExecution last, RunRequest request, RunParameters parameters) {
        Optional<RunDefinition> before = RunDefinition.of(last);
        if (before.isEmpty()) {
            return now;
        }
        Set<String> begun = stepsBegun(last.getJobInstance());
        List<RunDefinition.Change> changes = now
                .changesSince(before.get(), request.job().defaults())
                .stream()
                .filter(change -> change.concerns(begun))
                .toList();
        String run = RunName.of(
                last.getJobInstance().getJobName(), last.getJobInstance().getInstanceId());
        Set<String> fixed = jobs.fixedSettings(request.job());
        List<RunDefinition.Change> unacceptable =
                changes.stream().filter(change -> fixed.contains(change.key())).toList();
        if (!unacceptable.isEmpty()) {
            throw RunChangedException.unacceptable(run, request.command(), unacceptable);
        }
        List<RunDefinition.Change> ofTheJob =
                changes.stream().filter(change -> !change.isOfVersion()).toList();
        if (!ofTheJob.isEmpty() && request.changes() == Changes.REFUSE) {
            Set<String> complete = stepsComplete(last.getJobInstance());
            List<String> withoutEffect = ofTheJob.stream()
                    .filter(change -> !takesEffect(change, request.job(), complete))
                    .map(RunDefinition.Change::key)
                    .toList();
            throw RunChangedException.acceptable(run, request.command(), ofTheJob, withoutEffect);
        }
        return now.accepting(before.get().accepted(), changes);
    }

    /** The steps that have left something. A step that failed before it did may be fixed and tried again. */
    private Set<String> stepsBegun(JobInstance instance) {
        return repository.getJobExecutions(instance).stream()
                .flatMap(execution -> execution.getStepExecutions().stream())
                .filter(step -> step.getStatus() == BatchStatus.COMPLETED || step.getReadCount() > 0)
                .map(step -> RunCatalog.stepOf(step.getStepName()))
                .collect(Collectors.toSet());
    }

    private Set<String> stepsComplete(JobInstance instance) {
        return repository.getJobExecutions(instance).stream()
                .flatMap(execution -> execution.getStepExecutions().stream())
                .filter(step -> step.getStatus() == BatchStatus.COMPLETED)
                .map(StepExecution::getStepName)
                .collect(Collectors.toSet());
    }

    /** A complete step is not run again, and a step that has left something resumes with the options that decide its result. */
    private boolean takesEffect(RunDefinition.Change change, JobSpec job, Set<String> complete) {
        return job.steps().stream()
                .filter(step -> change.concerns(Set.of(step.name())))
                .allMatch(step -> !complete.contains(step.name())
                        && jobs.adjustable(job, step).stream().anyMatch(change::isOf));
    }

    private static Map<String, String> texts(Map<String, ParameterValue> parameters) {
        Map<String, String> texts = new TreeMap<>();
        parameters.forEach((name, value) -> texts.put(name, value.text()));
        return texts;
    }
}
