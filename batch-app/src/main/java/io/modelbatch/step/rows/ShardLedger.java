package io.modelbatch.step.rows;

import io.modelbatch.result.Shard;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.warehouse.ReadPosition;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The committed shards of a step, and the objects with its rejects, in the job repository. A partition's position is the sum of their
 * rows and nothing else: both change in one commit, so that no failure can move one without the other.
 */
public final class ShardLedger {
    private static final String ANSWERS = "N";
    private static final String REJECTS = "Y";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String BEHIND =
            " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER = ? and ORDINAL >= ?";

    private final JdbcClient jdbc;

    public ShardLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * The position from which a partition resumes.
     *
     * @param ordinal number of the next block
     * @param rows rows committed, answered or rejected
     * @param session the session that the last of them were read in; null where their order is always the same
     */
    record Position(int ordinal, long rows, @Nullable String session) {
        ReadPosition read() {
            return new ReadPosition(session, rows);
        }
    }

    /**
     * A block of a partition.
     *
     * @param ordinal its number
     * @param session the session that it was read in; null where the order of the rows is always the same
     */
    public record CommittedBlock(int ordinal, @Nullable String session) {}

    Position position(StepExecution partition) {
        return jdbc.sql("select ORDINAL + 1, sum(ROW_COUNT) over (), READ_SESSION from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER = ?"
                        + " order by ORDINAL desc fetch first 1 row only")
                .params(instance(partition), PartitionName.step(partition), PartitionName.number(partition))
                .query((row, n) -> new Position(row.getInt(1), row.getLong(2), row.getString(3)))
                .optional()
                .orElse(new Position(0, 0, null));
    }

    /** Rows of all partitions, answered or rejected. */
    public long rows(StepExecution step) {
        return jdbc.sql(
                        "select coalesce(sum(ROW_COUNT), 0) from MODELBATCH_SHARD where JOB_INSTANCE_ID = ? and STEP_NAME = ?")
                .params(instance(step), PartitionName.step(step))
                .query(Long.class)
                .single();
    }

    /** Rejected rows of all partitions. */
    long rejected(StepExecution step) {
        return jdbc.sql("select coalesce(sum(ROW_COUNT), 0) from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and REJECTED = ?")
                .params(instance(step), PartitionName.step(step), REJECTS)
                .query(Long.class)
                .single();
    }

    /** Enters what a block became, in one statement. Takes part in the chunk's transaction. */
    public void add(StepExecution partition, CommittedBlock block, List<Shard> shards, List<Shard> rejects) {
        if (shards.isEmpty() && rejects.isEmpty()) {
            return;
        }
        String rows = String.join(", ", Collections.nCopies(shards.size() + rejects.size(), ROW));
        JdbcClient.StatementSpec insert = jdbc.sql(
                "insert into MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED,"
                        + " OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C, READ_SESSION) values " + rows);
        shards.forEach(shard -> bind(insert, partition, block, shard, ANSWERS));
        rejects.forEach(object -> bind(insert, partition, block, object, REJECTS));
        insert.update();
    }

    private static void bind(
            JdbcClient.StatementSpec insert,
            StepExecution partition,
            CommittedBlock block,
            Shard shard,
            String rejected) {
        insert.params(instance(partition), PartitionName.step(partition), PartitionName.number(partition))
                .params(block.ordinal(), rejected, shard.name(), shard.rows(), shard.bytes(), shard.crc32c())
                .param(block.session());
    }

    /**
     * Gives up what a partition became behind its first rows, which become its position. Takes part in the chunk's transaction.
     *
     * @throws StepFailedException when no block ends there
     */
    Counts giveUp(StepExecution partition, long kept) {
        int from = ordinalAt(partition, kept);
        Counts counts = new Counts(rows(partition, from, ANSWERS), rows(partition, from, REJECTS));
        jdbc.sql("delete from MODELBATCH_SHARD" + BEHIND)
                .params(instance(partition), PartitionName.step(partition), PartitionName.number(partition), from)
                .update();
        return counts;
    }

    private int ordinalAt(StepExecution partition, long kept) {
        List<Behind> blocks = jdbc.sql("select ORDINAL, sum(ROW_COUNT) from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER = ?"
                        + " group by ORDINAL order by ORDINAL")
                .params(instance(partition), PartitionName.step(partition), PartitionName.number(partition))
                .query((row, n) -> new Behind(row.getInt(1) + 1, row.getLong(2)))
                .list();
        int ordinal = 0;
        long before = 0;
        for (Behind block : blocks) {
            if (before >= kept) {
                break;
            }
            before += block.rows();
            ordinal = block.ordinal();
        }
        if (before != kept) {
            throw new StepFailedException("No committed block of partition " + partition.getStepName() + " ends at row "
                    + kept + ", where its read session began: the job repository was changed manually. again=true"
                    + " starts a new run");
        }
        return ordinal;
    }

    /** The number behind a block, and the block's rows. */
    private record Behind(int ordinal, long rows) {}

    /** Rows in the shards and in the rejects of a partition. */
    public record Counts(long answered, long rejected) {
        public long rows() {
            return answered + rejected;
        }
    }

    private long rows(StepExecution partition, int from, String rejected) {
        return jdbc.sql("select coalesce(sum(ROW_COUNT), 0) from MODELBATCH_SHARD" + BEHIND + " and REJECTED = ?")
                .params(
                        instance(partition),
                        PartitionName.step(partition),
                        PartitionName.number(partition),
                        from,
                        rejected)
                .query(Long.class)
                .single();
    }

    /**
     * All shards of a step, by partition, in the order of the rows.
     *
     * @param reader any step of the same run
     */
    List<Shard> shards(StepExecution reader, String step) {
        return objects(reader, step, ANSWERS);
    }

    /**
     * All objects with rejects of a step, by partition, in the order of the rows.
     *
     * @param reader any step of the same run
     */
    List<Shard> rejects(StepExecution reader, String step) {
        return objects(reader, step, REJECTS);
    }

    private List<Shard> objects(StepExecution reader, String step, String rejected) {
        return jdbc.sql("select OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and REJECTED = ?"
                        + " order by PARTITION_NUMBER, ORDINAL")
                .params(instance(reader), step, rejected)
                .query((row, n) -> new Shard(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4)))
                .list();
    }

    private static long instance(StepExecution step) {
        return step.getJobExecution().getJobInstance().getInstanceId();
    }
}
