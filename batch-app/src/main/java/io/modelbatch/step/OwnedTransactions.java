package io.modelbatch.step;

import io.modelbatch.run.claim.Claim;
import io.modelbatch.run.claim.Claims;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions of the job repository that steps commit in, each under the claim of the run: the job repository verifies it with
 * whatever is written there. They are short: no statement is sent before the work of a step is done, so that no connection and no lock is held while a model computes.
 *
 * @param manager begins and commits them; a connection is fetched with the first statement
 * @param claims verifies the claim of a run
 */
record OwnedTransactions(PlatformTransactionManager manager, Claims claims) {
    /**
     * Work outside a transaction.
     *
     * @param <E> its exception
     */
    @FunctionalInterface
    interface Action<E extends Exception> {
        void run() throws E;
    }

    /** Ends the work of a process that lost the run, before it does what takes effect at once and not with a commit. */
    void verifyOwner(JobExecution run) {
        TransactionTemplate alone = new TransactionTemplate(manager);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        alone.executeWithoutResult(transaction -> verifyOwnerInChunk(run));
    }

    /** The same in the transaction of a chunk, in which the claim is asked for once. */
    void verifyOwnerInChunk(JobExecution run) {
        claims.verify(Claim.of(run)
                .orElseThrow(() -> new IllegalStateException("execution " + run.getId() + " has no claim")));
    }

    /** Suspends the transaction that Spring Batch has begun for the work: what the work asks the job repository is committed by itself. */
    <E extends Exception> void outside(Action<E> work) throws E {
        TransactionStatus none = manager.getTransaction(
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NOT_SUPPORTED));
        try {
            work.run();
        } finally {
            manager.commit(none);
        }
    }
}
