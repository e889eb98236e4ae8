package io.modelbatch.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.base.ManualTicker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.step.StepExecution;

class RunEventsTest {
    private final ManualTicker ticker = new ManualTicker();
    private final List<RunEvent> seen = new ArrayList<>();
    private final RunEvents events = new RunEvents(ticker, seen::add);

    @Test
    void aStepTakesFromItsOwnBeginningToItsEnd() {
        JobExecution execution = new JobExecution(7, new JobInstance(3, "predict"), new JobParameters());
        StepExecution extract = new StepExecution(1, "extract", execution);
        StepExecution infer = new StepExecution(2, "infer", execution);

        events.beforeJob(execution);
        events.beforeStep(extract);
        ticker.pass(Duration.ofMillis(1_500));
        events.afterStep(extract);
        events.beforeStep(infer);
        ticker.pass(Duration.ofHours(2));
        events.afterStep(infer);

        assertThat(seen)
                .containsExactly(
                        new RunEvent.Started("predict-3", Map.of(), RunEvent.Mode.NEW),
                        new RunEvent.StepStarted("predict-3", "extract"),
                        new RunEvent.StepEnded("predict-3", "extract", "STARTING", 0, 1.5),
                        new RunEvent.StepStarted("predict-3", "infer"),
                        new RunEvent.StepEnded("predict-3", "infer", "STARTING", 0, 7_200));
    }
}
