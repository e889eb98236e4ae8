package io.modelbatch.step;

import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStream;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.TransactionStatus;
import org.springframework.transaction.support.DefaultTransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The transactions of the job repository that steps commit in, each verified by the owner of the run. They are short: no statement is
 * sent before the work of a step is done, so that no connection and no lock is held while a model computes.
 *
 * @param manager begins and commits them; a connection is fetched with the first statement
 * @param guard verified in each
 */
record OwnedTransactions(PlatformTransactionManager manager, RunGuard guard) {
    /** Work outside a transaction. */
    @FunctionalInterface
    interface Action {
        void run() throws Exception;
    }

    /** Verifies the owner in each transaction of a step. */
    ItemStream guarding() {
        return new ItemStream() {
            @Override
            public void update(ExecutionContext context) {
                guard.verify();
            }
        };
    }

    /** Halts a process that lost its run, before it does what takes effect at once and not with a commit. */
    void verifyOwner() {
        TransactionTemplate alone = new TransactionTemplate(manager);
        alone.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        alone.executeWithoutResult(transaction -> guard.verify());
    }

    /** Suspends the transaction of a chunk for a question. */
    void ask(Runnable question) {
        TransactionTemplate none = new TransactionTemplate(manager);
        none.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
        none.executeWithoutResult(transaction -> question.run());
    }

    /** Suspends the transaction that Spring Batch has begun for the work: what the work asks the job repository is committed by itself. */
    void outside(Action work) throws Exception {
        TransactionStatus none = manager.getTransaction(
                new DefaultTransactionDefinition(TransactionDefinition.PROPAGATION_NOT_SUPPORTED));
        try {
            work.run();
        } finally {
            manager.commit(none);
        }
    }
}
