package io.modelbatch.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.base.SettingsException;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.ResultReference;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.Target;
import io.modelbatch.store.ObjectUri;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.core.repository.support.ResourcelessJobRepository;
import org.springframework.batch.core.step.Step;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;

class BoundStepTest {
    private record Options() {}

    private static final StepSpec SPEC = new StepSpec("mark", "mark", new Options(), 1);

    private final JobRepository repository = new ResourcelessJobRepository();
    private final List<String> told = new ArrayList<>();

    @Test
    void aStepOfAnyClassHasTheNameOfTheJobAndTellsTheListener() throws Exception {
        StepExecution execution = execute(bound(running -> running.setWriteCount(3)));

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.COMPLETED);
        assertThat(execution.getWriteCount()).isEqualTo(3);
        assertThat(told).containsExactly("before mark", "after mark COMPLETED");
    }

    @Test
    void whatItThrowsFailsTheStep() throws Exception {
        StepExecution execution = execute(bound(running -> {
            throw new IllegalArgumentException("no mark is allowed");
        }));

        assertThat(execution.getStatus()).isEqualTo(BatchStatus.FAILED);
        assertThat(execution.getFailureExceptions()).singleElement().isInstanceOf(IllegalArgumentException.class);
        assertThat(told).containsExactly("before mark", "after mark FAILED");
    }

    /** As a step that another one wraps: it reports by its status, and throws nothing. */
    @Test
    void aStatusThatItSetsIsKept() throws Exception {
        for (BatchStatus status : List.of(BatchStatus.FAILED, BatchStatus.STOPPED)) {
            assertThat(execute(bound(running -> running.setStatus(status))).getStatus())
                    .isEqualTo(status);
        }
    }

    @Test
    void aStepOfAnotherNameIsRefused() {
        Step other = new DelegatingStep("other", running -> {}, repository);

        assertThatThrownBy(() -> bound(other).create(repository, listener()))
                .isInstanceOf(StepFailedException.class)
                .hasMessageContainingAll("'mark'", "'other'", "JobStep.name()");
    }

    /** The targets of a run are claimed before its first step, for types of jars, too. */
    @Test
    void aTargetThatIsNotKnownYetIsRefused() {
        StepSpec waiting =
                new StepSpec("mark", "mark", new Options(), 7, Set.of(new ResultReference("extract", "rows")));
        for (String target : List.of("gs://bucket/${steps.extract.rows}", "${steps.extract.rows}")) {
            StepFactory<Options> factory = new StepFactory<>() {
                @Override
                public Step create(JobStep<Options> step) {
                    throw new IllegalStateException();
                }

                @Override
                public List<Target> targets(Options options) {
                    return List.of(Target.result(ObjectUri.parse(target)));
                }
            };
            BoundStep<Options> bound = new BoundStep<>(
                    factory, new JobStep<>("marks", Map.of(), List.of(waiting), waiting, new Options()));

            assertThatThrownBy(bound::targets)
                    .isInstanceOf(SettingsException.class)
                    .hasMessageContainingAll("'mark'", "${steps.extract.rows}", "knownAtStart()");
        }
    }

    private static BoundStep<Options> bound(Step step) {
        return new BoundStep<>(
                created -> step, new JobStep<>("marks", Map.of(), List.of(SPEC), SPEC, (Options) SPEC.options()));
    }

    private StepExecution execute(BoundStep<Options> bound) throws Exception {
        JobExecution job = repository.createJobExecution(
                repository.createJobInstance("marks", new JobParameters()),
                new JobParameters(),
                new ExecutionContext());
        StepExecution execution = repository.createStepExecution("mark", job);
        bound.create(repository, listener()).execute(execution);
        return execution;
    }

    private StepExecutionListener listener() {
        return new StepExecutionListener() {
            @Override
            public void beforeStep(StepExecution execution) {
                told.add("before " + execution.getStepName());
            }

            @Override
            public ExitStatus afterStep(StepExecution execution) {
                told.add("after " + execution.getStepName() + " " + execution.getStatus());
                return execution.getExitStatus();
            }
        };
    }
}
