package io.modelbatch.worker;

import org.springframework.batch.core.ExitStatus;
import org.springframework.batch.core.step.StepExecution;

/**
 * The worker that executes a partition, kept in the context of the partition.
 *
 * @param name in the queue
 */
record PartitionWorker(String name) {
    static final String LOST = "LOST";
    static final String REFUSED = "REFUSED";
    static final String GIVEN_BACK = "GIVEN_BACK";

    private static final String KEY = "worker";

    static PartitionWorker of(StepExecution partition) {
        return new PartitionWorker(partition.getExecutionContext().getString(KEY, "of this partition"));
    }

    /** The context is written to the job repository when the partition begins. */
    void keep(StepExecution partition) {
        partition.getExecutionContext().putString(KEY, name);
    }

    /** The exit status of a partition whose worker is gone. */
    ExitStatus lost() {
        return new ExitStatus(LOST, "The worker " + name + " gave no sign of life");
    }

    /** The exit status of a partition that its worker left to others. */
    ExitStatus refused(String reason) {
        return new ExitStatus(REFUSED, "The worker " + name + " left it to others: " + reason);
    }

    /** The exit status of a partition whose worker was stopped. */
    ExitStatus givenBack() {
        return new ExitStatus(GIVEN_BACK, "The worker " + name + " was stopped");
    }
}
