package io.modelbatch.step;

import io.modelbatch.run.Runs;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.batch.core.listener.StepExecutionListener;
import org.springframework.batch.core.partition.PartitionStep;
import org.springframework.batch.core.step.AbstractStep;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.core.step.tasklet.StoppableTasklet;
import org.springframework.batch.core.step.tasklet.TaskletStep;

/**
 * Passes the request to stop a run on to a step as Spring Batch's {@code JobOperator} does: the step execution is marked, which every step of
 * Spring Batch asks for between two chunks, and a {@link StoppableTasklet} is told.
 *
 * @param step the step
 * @param runs finds the run
 */
record StopStep(AbstractStep step, Runs runs) implements StepExecutionListener {
    private static final Logger log = LoggerFactory.getLogger(StopStep.class);

    /** Listens to a step, unless it asks for the request itself, in each partition or in its only call. */
    static void on(AbstractStep step, Runs runs) {
        boolean asks = step instanceof PartitionStep
                || step instanceof TaskletStep single && single.getTasklet() instanceof StepKit.Once;
        if (!asks) {
            step.registerStepExecutionListener(new StopStep(step, runs));
        }
    }

    @Override
    public void beforeStep(StepExecution execution) {
        runs.of(execution.getJobExecution()).stop().whenRequested(() -> stop(execution));
    }

    private void stop(StepExecution execution) {
        if (!execution.getStatus().isRunning()) {
            return;
        }
        execution.setTerminateOnly();
        try {
            if (step instanceof TaskletStep its && its.getTasklet() instanceof StoppableTasklet tasklet) {
                tasklet.stop(execution);
            } else {
                step.stop(execution);
            }
        } catch (RuntimeException e) {
            log.warn("Step {} cannot be stopped by its own method", execution.getStepName(), e);
        }
    }
}
