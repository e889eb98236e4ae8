package io.modelbatch.step.infer;

import io.modelbatch.inference.InferOptions;
import io.modelbatch.result.Shard;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.batch.core.step.StepExecution;

/**
 * The number of rows that an {@code infer} step may set aside, all its partitions and executions together. It is looked at between commits: the
 * block that exceeds it is committed, so that its rejects can be read, and the step resumes from there when more are allowed.
 */
final class RejectLimit {
    private final ShardLedger ledger;
    private final ObjectStore store;
    private final InferOptions options;
    private final long rows;
    private final AtomicLong rejected = new AtomicLong();

    /** For a step of that many rows. */
    RejectLimit(ShardLedger ledger, ObjectStore store, InferOptions options, long rows) {
        this.ledger = ledger;
        this.store = store;
        this.options = options;
        this.rows = rows;
    }

    /**
     * Looks at what is committed.
     *
     * @throws StepFailedException when more rows are rejected than may be
     */
    void verify(StepExecution step) {
        rejected.set(ledger.rejected(step));
        verifyCount(step);
    }

    /** A partition's part in the count. Only the owner of a run writes its ledger, so what it commits need not be read from there. */
    Share share() {
        return new Share();
    }

    /** The rejected rows of one partition, which count when their blocks are committed. */
    final class Share {
        private long pending;

        /** Rows of a block that is about to be committed; below zero where the partition lost some. */
        void add(long rows) {
            pending += rows;
        }

        /**
         * The blocks so far are committed.
         *
         * @throws StepFailedException when more rows are rejected than may be
         */
        void committed(StepExecution partition) {
            rejected.addAndGet(pending);
            pending = 0;
            verifyCount(partition);
        }
    }

    private void verifyCount(StepExecution step) {
        long most = options.mostRejects(rows);
        long count = rejected.get();
        if (count > most) {
            throw new StepFailedException(
                    "%,d of the %,d rows so far could not be answered, and 'rejects' of step %s allows %,d of all %,d (%s). The first are in %s, with the reason of each."
                                    .formatted(
                                            count,
                                            ledger.rows(step),
                                            PartitionName.step(step),
                                            most,
                                            rows,
                                            words(),
                                            first(step))
                            + " Allow more in the job file and resume with accept-changes=true, or fix the rows and start a new run with"
                            + " again=true");
        }
    }

    private String first(StepExecution step) {
        Shard first = ledger.rejects(step, PartitionName.step(step)).get(0);
        return store.location(ObjectUri.parse(options.to()).child(first.name()));
    }

    private String words() {
        InferOptions.Rejects rejects = options.rejects();
        if (rejects == null || (rejects.max() == null && rejects.share() == null)) {
            return "1 % of the rows, the default";
        }
        return (rejects.max() == null ? "" : "max: " + rejects.max())
                + (rejects.max() == null || rejects.share() == null ? "" : ", ")
                + (rejects.share() == null ? "" : "share: " + rejects.share());
    }
}
