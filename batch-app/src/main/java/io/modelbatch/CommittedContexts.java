package io.modelbatch;

import com.google.common.cache.Cache;
import com.google.common.cache.CacheBuilder;
import java.util.Objects;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The contexts of step executions as this process committed them. Spring Batch writes each context three times when a step ends, mostly the same
 * one: what is committed already need not be written again.
 */
final class CommittedContexts {
    private final Cache<StepExecution, ExecutionContext> committed =
            CacheBuilder.newBuilder().weakKeys().build();

    /** True if the job repository has the context as it is. */
    boolean contain(StepExecution step) {
        return Objects.equals(step.getExecutionContext(), committed.getIfPresent(step));
    }

    /** Takes note of the context that the transaction wrote, once it has committed. */
    void written(StepExecution step) {
        ExecutionContext written = new ExecutionContext(step.getExecutionContext());
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void afterCommit() {
                committed.put(step, written);
            }
        });
    }
}
