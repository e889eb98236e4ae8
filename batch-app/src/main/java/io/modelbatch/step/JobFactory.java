package io.modelbatch.step;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.StepSpec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;

/** Makes a Spring Batch job from a job file: its steps, one after the other. */
public final class JobFactory {
    private final JobRepository repository;
    private final List<StepFactory<?>> factories;

    JobFactory(JobRepository repository, List<StepFactory<?>> factories) {
        this.repository = repository;
        this.factories = factories;
    }

    /** A job whose steps are told to the listener. */
    public <L extends JobExecutionListener & StepExecutionListener> AbstractJob create(JobSpec spec, L listener) {
        Iterator<StepSpec> steps = spec.steps().iterator();
        SimpleJobBuilder builder = new JobBuilder(spec.name(), repository)
                .listener((JobExecutionListener) listener)
                .listener(verifyDelivered(spec))
                .listener(removeLeftovers(spec))
                .start(step(spec, steps.next(), listener));
        while (steps.hasNext()) {
            builder.next(step(spec, steps.next(), listener));
        }
        return (AbstractJob) builder.build();
    }

    /** The checks of a job's steps before a run. */
    public List<Check> checks(JobSpec spec) {
        return spec.steps().stream()
                .flatMap(step -> checks(factory(step), spec, step).stream())
                .toList();
    }

    /** The settings of a job that no run may change once their step has left something, as {@link JobSpec#settings} names them. */
    public Set<String> fixedSettings(JobSpec spec) {
        return spec.steps().stream()
                .flatMap(step -> factory(step).fixed().stream().map(option -> step.name() + "." + option))
                .collect(Collectors.toSet());
    }

    /** Of a run that is resumed: what its complete steps delivered may have been damaged since. */
    private JobExecutionListener verifyDelivered(JobSpec spec) {
        return new JobExecutionListener() {
            @Override
            public void beforeJob(JobExecution execution) {
                for (StepSpec step : spec.steps()) {
                    StepExecution last = repository.getLastStepExecution(execution.getJobInstance(), step.name());
                    if (last != null && last.getStatus() == BatchStatus.COMPLETED) {
                        verify(spec, step, last);
                    }
                }
            }
        };
    }

    private void verify(JobSpec spec, StepSpec step, StepExecution complete) {
        try {
            factory(step).verifyDelivered(spec, step, complete);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Spring Batch calls it before it commits that the job is complete, so a crash between the two brings the run here again. */
    private JobExecutionListener removeLeftovers(JobSpec spec) {
        return new JobExecutionListener() {
            @Override
            public void afterJob(JobExecution execution) {
                if (execution.getStatus() == BatchStatus.COMPLETED) {
                    spec.steps().forEach(step -> factory(step).removeLeftovers(execution, step));
                }
            }
        };
    }

    /** The options that may be changed while a step is unfinished, and take effect: they do not decide its result. */
    public Set<String> adjustable(StepSpec step) {
        return factory(step).adjustable();
    }

    /** The folders and tables that a job writes and no other run may write at the same time. */
    public List<Target> targets(JobSpec spec) {
        return spec.steps().stream()
                .flatMap(step -> targets(factory(step), step).stream())
                .toList();
    }

    private Step step(JobSpec job, StepSpec spec, StepExecutionListener listener) {
        Step step = create(factory(spec), job, spec);
        ((AbstractStep) step).registerStepExecutionListener(listener);
        return step;
    }

    private StepFactory<?> factory(StepSpec spec) {
        return factories.stream()
                .filter(factory -> factory.options().isInstance(spec.options()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("No factory for steps of type " + spec.type()));
    }

    private static <O extends Record> Step create(StepFactory<O> factory, JobSpec job, StepSpec spec) {
        return factory.create(job, spec, factory.options().cast(spec.options()));
    }

    private static <O extends Record> List<Check> checks(StepFactory<O> factory, JobSpec job, StepSpec spec) {
        return factory.checks(job, spec, factory.options().cast(spec.options()));
    }

    private static <O extends Record> List<Target> targets(StepFactory<O> factory, StepSpec spec) {
        return factory.targets(factory.options().cast(spec.options()));
    }
}
