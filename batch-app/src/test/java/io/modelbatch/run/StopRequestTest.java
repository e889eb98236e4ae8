package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;

class StopRequestTest {
    private final StopRequest stop = new StopRequest();
    private final StepExecution step =
            new StepExecution(1, "infer", new JobExecution(7, new JobInstance(3, "predict"), new JobParameters()));

    @Test
    void actionsFollowTheFirstRequestAlone() {
        List<String> actions = new ArrayList<>();
        stop.whenRequested(() -> actions.add("before"));

        stop.request();
        stop.request();
        stop.whenRequested(() -> actions.add("after"));

        assertThat(actions).containsExactly("before", "after");
    }

    @Test
    void aStepEndsBetweenTwoChunks() {
        assertThatCode(() -> stop.checkInterrupted(step)).doesNotThrowAnyException();

        stop.request();

        assertThatThrownBy(() -> stop.checkInterrupted(step)).isInstanceOf(JobInterruptedException.class);
        assertThat(step.isTerminateOnly()).isTrue();
    }

    /** Spring Batch alone would call the step complete. */
    @Test
    void anInterruptIsARequest() {
        Thread.currentThread().interrupt();
        try {
            assertThatThrownBy(() -> stop.checkInterrupted(step)).isInstanceOf(JobInterruptedException.class);
        } finally {
            assertThat(Thread.interrupted()).isTrue();
        }
        assertThat(step.isTerminateOnly()).isTrue();
    }
}
