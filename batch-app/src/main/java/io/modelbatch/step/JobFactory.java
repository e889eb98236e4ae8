package io.modelbatch.step;

import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.jobspec.StepSpec;
import java.util.Iterator;
import java.util.List;
import org.springframework.batch.core.job.AbstractJob;
import org.springframework.batch.core.job.builder.JobBuilder;
import org.springframework.batch.core.job.builder.SimpleJobBuilder;
import org.springframework.batch.core.listener.JobExecutionListener;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.Step;

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
                .start(step(spec, steps.next(), listener));
        while (steps.hasNext()) {
            builder.next(step(spec, steps.next(), listener));
        }
        return (AbstractJob) builder.build();
    }

    private Step step(JobSpec job, StepSpec spec, StepExecutionListener listener) {
        Step step = factories.stream()
                .filter(factory -> factory.options().isInstance(spec.options()))
                .findFirst()
                .map(factory -> create(factory, job, spec))
                .orElseThrow(() -> new IllegalStateException("No factory for steps of type " + spec.type()));
        ((AbstractStep) step).registerStepExecutionListener(listener);
        return step;
    }

    private static <O extends Record> Step create(StepFactory<O> factory, JobSpec job, StepSpec spec) {
        return factory.create(job, spec, factory.options().cast(spec.options()));
    }
}
