package io.modelbatch.step.rows;

import io.modelbatch.result.ResultOptions;
import io.modelbatch.result.Shard;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepFailedException;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.batch.core.step.StepExecution;

/**
 * The number of rows that a step may set aside, all its partitions and executions together. It is looked at between commits: the
 * block that exceeds it is committed, so that its rejects can be read, and the step resumes from there when more are allowed.
 */
public final class RejectLimit {
    /** The sum reads the whole ledger, so it is not asked for after each block: at most a thousand times until the limit is nearly reached. */
    private static final int PARTS = 1_000;

    private final RowServices services;
    private final ResultOptions options;
    private final long rows;
    /** Of all processes, when the ledger was asked last. */
    private final AtomicLong known = new AtomicLong();
    /** Of this process since then. */
    private final AtomicLong since = new AtomicLong();

    /** For a step of that many rows. */
    public RejectLimit(RowServices services, ResultOptions options, long rows) {
        this.services = services;
        this.options = options;
        this.rows = rows;
    }

    /**
     * Looks at what all processes have committed.
     *
     * @throws StepFailedException when more rows are rejected than may be
     */
    public void verify(StepExecution step) {
        long before = since.get();
        long count = services.ledger().rejected(step);
        known.set(count);
        since.addAndGet(-before);
        verify(step, count);
    }

    /** The limit as one partition keeps it. */
    public Partition partition() {
        return new Partition();
    }

    /**
     * Looks at the limit before each block of a partition. The ledger is asked when the partitions of this process have set aside a thousandth of what
     * the others may have left since it was asked last, which costs one more statement; otherwise what they have found out is enough.
     */
    public final class Partition {
        private long uncommitted;

        /** Rows of a block that is about to be committed; below zero where the partition lost some. */
        public void add(long rows) {
            uncommitted += rows;
        }

        /**
         * The blocks so far are committed.
         *
         * @throws StepFailedException when more rows are rejected than may be
         */
        public void committed(StepExecution partition) {
            long own = since.addAndGet(uncommitted);
            uncommitted = 0;
            long left = options.mostRejects(rows) - known.get();
            if (own > 0 && own > left / PARTS) {
                services.kit().outsideTransaction(() -> verify(partition));
            } else {
                verify(partition, known.get());
            }
        }
    }

    private void verify(StepExecution step, long count) {
        long most = options.mostRejects(rows);
        if (count > most) {
            throw new StepFailedException(
                    "%,d of the %,d rows so far were rejected, and 'rejects' of step %s allows %,d of all %,d (%s). The first are in %s, with the reason of each."
                                    .formatted(
                                            count,
                                            services.ledger().rows(step),
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
        Shard first = services.ledger().rejects(step, PartitionName.step(step)).get(0);
        return services.store().location(options.folder().child(first.name()));
    }

    private String words() {
        ResultOptions.Rejects rejects = options.rejects();
        if (rejects == null || (rejects.max() == null && rejects.share() == null)) {
            return "1 % of the rows, the default";
        }
        return (rejects.max() == null ? "" : "max: " + rejects.max())
                + (rejects.max() == null || rejects.share() == null ? "" : ", ")
                + (rejects.share() == null ? "" : "share: " + rejects.share());
    }
}
