package io.modelbatch.step.rows;

import io.micrometer.core.instrument.MeterRegistry;
import io.modelbatch.step.PartitionName;
import io.modelbatch.telemetry.Measure;
import org.springframework.batch.core.step.StepExecution;

/** Metrics of the partitions that this process executes. */
public final class RowMetrics {
    private final MeterRegistry meters;

    public RowMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Those of a partition, which are those of its step. */
    public PartitionMetrics of(StepExecution partition) {
        return new PartitionMetrics(
                meters,
                Measure.ofStep(
                        partition.getJobExecution().getJobInstance().getJobName(), PartitionName.step(partition)));
    }
}
