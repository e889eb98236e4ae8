package io.modelbatch.worker;

import com.google.common.base.Throwables;
import io.modelbatch.base.DiskFailure;
import io.modelbatch.base.Explained;
import io.modelbatch.base.Remedy;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.DeviceFailedException;
import io.modelbatch.run.claim.RunOwner;
import io.modelbatch.step.FailureCause;
import io.modelbatch.step.rows.UnfitProcessException;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.BatchStatus;
import org.springframework.batch.core.step.StepExecution;
import tools.jackson.databind.json.JsonMapper;

/**
 * The failure of a partition that a worker executed, for the manager of its run. It is kept in the context of the partition, and ends it: a
 * step execution that failed without one is that of a worker which is gone.
 *
 * @param message for the user
 * @param remedy the way out
 */
record WorkerFailure(String message, Remedy remedy) {
    private static final String KEY = "failure";
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** Of a partition in this process. */
    static WorkerFailure of(FailureCause cause, StepExecution partition) {
        return new WorkerFailure(
                cause.message() + " (partition " + partition.getStepName() + ", worker "
                        + RunOwner.thisProcess().host() + ")",
                cause.remedy());
    }

    /** Of a partition that no worker survives. */
    static WorkerFailure ofLostWorkers(StepExecution partition, int workers) {
        return new WorkerFailure(
                "The last %d workers that executed partition %s failed or ended without a word, and committed nothing of it: %s. "
                                .formatted(
                                        workers,
                                        partition.getStepName(),
                                        partition.getExitStatus().getExitDescription())
                        + "A process that ends with exit code 137 was killed, mostly for its memory. Give workers more memory, or"
                        + " choose a smaller model or a smaller block",
                Remedy.CHANGE);
    }

    /** That of a partition; empty where it did not fail, or its worker is gone. */
    static Optional<WorkerFailure> of(StepExecution partition) {
        return partition.getExecutionContext().containsKey(KEY)
                ? Optional.of(JSON.readValue(partition.getExecutionContext().getString(KEY), WorkerFailure.class))
                : Optional.empty();
    }

    /** True when nothing is left to do for a partition. */
    static boolean isOver(StepExecution partition) {
        BatchStatus status = partition.getStatus();
        return status == BatchStatus.COMPLETED
                || status == BatchStatus.ABANDONED
                || status == BatchStatus.FAILED && of(partition).isPresent();
    }

    /** True when its worker lacks memory, room on its disk, a device, a jar or a key, or its GPU failed: another worker may have it. */
    static boolean isOfItsWorker(List<Throwable> failures) {
        return failures.stream()
                .flatMap(failure -> Throwables.getCausalChain(failure).stream())
                .anyMatch(failure -> failure instanceof OutOfMemoryError
                        || failure instanceof DeviceException
                        || failure instanceof UnfitProcessException
                        || failure instanceof DeviceFailedException
                        || ComputeEngine.isOutOfMemory(failure)
                        || DiskFailure.of(failure).isPresent());
    }

    /** Keeps it. The context is not written to the job repository here. */
    void keep(StepExecution partition) {
        partition.getExecutionContext().putString(KEY, JSON.writeValueAsString(this));
    }

    /** As the failure of the step. */
    Exception exception() {
        return new Failed(this);
    }

    private static final class Failed extends Exception implements Explained {
        private final transient WorkerFailure failure;

        Failed(WorkerFailure failure) {
            super(failure.message());
            this.failure = failure;
        }

        @Override
        public Optional<Remedy> remedy() {
            return Optional.of(failure.remedy());
        }
    }
}
