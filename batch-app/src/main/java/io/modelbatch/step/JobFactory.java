package io.modelbatch.step;

import io.micrometer.observation.ObservationRegistry;
import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.Target;
import io.modelbatch.jobspec.ForeseenResults;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.run.Runs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** Makes a Spring Batch job from a job file: its steps, one after the other. */
public final class JobFactory {
    private final JobRepository repository;
    private final StepFactories factories;
    private final Runs runs;
    private final ObservationRegistry observations;

    JobFactory(JobRepository repository, StepFactories factories, Runs runs, ObservationRegistry observations) {
        this.repository = repository;
        this.factories = factories;
        this.runs = runs;
        this.observations = observations;
        factories.makeAll();
    }

    /** A job whose steps are told to the listener. */
    public <L extends JobExecutionListener & StepExecutionListener> AbstractJob create(JobSpec spec, L listener) {
        JobOfSteps job = new JobOfSteps(spec.name(), execution -> removeLeftovers(spec, execution));
        job.setJobRepository(repository);
        job.setObservationRegistry(observations);
        job.registerJobExecutionListener(listener);
        job.registerJobExecutionListener(verifySteps(spec));
        spec.steps().forEach(step -> job.addStep(step(spec, step, listener)));
        return job;
    }

    /** The checks of a job's steps before a run. */
    public List<Check> checks(JobSpec spec) {
        ForeseenResults results = new ForeseenResults(factories.types(), spec.steps());
        JobSpec foreseen = spec.with(results);
        return spec.steps().stream()
                .flatMap(step -> bound(foreseen, foreseen.step(step.name()))
                        .checks(step.references().stream()
                                .flatMap(reference -> results.find(reference).stream())
                                .map(Object::toString)
                                .collect(Collectors.toSet()))
                        .stream())
                .toList();
    }

    /** The settings of a job that no run may change once their step has left something, as {@link JobSpec#settings} names them. */
    public Set<String> fixedSettings(JobSpec spec) {
        return spec.steps().stream()
                .flatMap(step -> bound(spec, step).fixed().stream().map(option -> step.name() + "." + option))
                .collect(Collectors.toSet());
    }

    /** Verifies that steps can run; of a run that is resumed, what its complete steps delivered may have been damaged since. */
    private JobExecutionListener verifySteps(JobSpec spec) {
        return new JobExecutionListener() {
            @Override
            public void beforeJob(JobExecution execution) {
                for (StepSpec step : spec.steps()) {
                    StepExecution last = repository.getLastStepExecution(execution.getJobInstance(), step.name());
                    if (last != null && last.getStatus() == BatchStatus.COMPLETED) {
                        resolved(spec, step, execution.getJobInstance()).verifyDelivered(last);
                    } else {
                        resolved(spec, step, execution.getJobInstance()).verifyReady();
                    }
                }
            }
        };
    }

    private void removeLeftovers(JobSpec spec, JobExecution execution) {
        spec.steps()
                .forEach(
                        step -> resolved(spec, step, execution.getJobInstance()).removeLeftovers(execution));
    }

    /** The options that may be changed while a step is unfinished, and take effect: they do not decide its result. */
    public Set<String> adjustable(JobSpec spec, StepSpec step) {
        return bound(spec, step).adjustable();
    }

    /** The folders and tables that a job writes and no other run may write at the same time. */
    public List<Target> targets(JobSpec spec) {
        return spec.steps().stream()
                .flatMap(step -> bound(spec, step).targets().stream())
                .toList();
    }

    private Step step(JobSpec job, StepSpec spec, StepExecutionListener listener) {
        BoundStep<?> bound = bound(job, spec);
        return bound.step().waits()
                ? new WaitingStep(spec.name(), run -> made(resolved(job, spec, run), listener), repository, listener)
                : made(bound, listener);
    }

    private Step made(BoundStep<?> bound, StepExecutionListener listener) {
        AbstractStep step = bound.create(repository, listener);
        step.setObservationRegistry(observations);
        StopStep.on(step, runs);
        ContextRollback.on(step);
        return step;
    }

    /** A step with the results of the run's complete steps in its texts and in those of the steps before it. */
    private BoundStep<?> resolved(JobSpec job, StepSpec spec, JobInstance run) {
        JobSpec known = job.with(new StepResults(repository, run));
        return bound(known, known.step(spec.name()));
    }

    private BoundStep<?> bound(JobSpec job, StepSpec spec) {
        Map<String, Object> parameters = new LinkedHashMap<>();
        job.parameters().forEach((name, parameter) -> parameters.put(name, parameter.value()));
        return factories.bind(new JobStep<>(job.name(), parameters, job.steps(), spec, spec.options()));
    }
}
