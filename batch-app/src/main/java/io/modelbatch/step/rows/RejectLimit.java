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
    private final RowServices services;
    private final ResultOptions options;
    private final long rows;
    private final AtomicLong rejected = new AtomicLong();

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
        long count = services.ledger().rejected(step);
        rejected.set(count);
        verify(step, count);
    }

    /** The limit as one partition keeps it. */
    public Partition partition() {
        return new Partition();
    }

    /**
     * Looks at the limit before each block of a partition. The ledger is asked only after a block that set rows aside, which costs such a block one
     * more statement; otherwise what the partitions of this process have found out is enough.
     */
    public final class Partition {
        private boolean changed;

        /** Rows of a block that is about to be committed; below zero where the partition lost some. */
        public void add(long rows) {
            changed |= rows != 0;
        }

        /**
         * The blocks so far are committed.
         *
         * @throws StepFailedException when more rows are rejected than may be
         */
        public void committed(StepExecution partition) {
            if (changed) {
                changed = false;
                services.kit().outsideTransaction(() -> verify(partition));
            } else {
                verify(partition, rejected.get());
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
