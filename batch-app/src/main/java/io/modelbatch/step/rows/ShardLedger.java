package io.modelbatch.step.rows;

import io.modelbatch.result.Shard;
import io.modelbatch.step.PartitionName;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.warehouse.ReadPosition;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The committed shards of a step, and the objects with its rejects, in the job repository. A partition's position is the sum of the rows that they
 * were made of and nothing else: both change in one commit, so that no failure can move one without the other. Where INPUT_ROWS is null, they
 * were made of as many rows as they have.
 */
public final class ShardLedger {
    private static final String ANSWERS = "N";
    private static final String REJECTS = "Y";
    private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, current_timestamp, ?)";

    private static final String INPUT = "coalesce(INPUT_ROWS, ROW_COUNT)";
    /** A block that became no row has no object. */
    private static final Shard NOTHING = new Shard("", 0, 0, "00000000");

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
     * @param rows rows of the input that are committed, as rows of the result or as rejects
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
     * @param inputRows rows of the input that were not rejected; null where each became one row
     * @param tokens tokens that a model read for it; null without a model
     */
    public record CommittedBlock(
            int ordinal,
            @Nullable String session,
            @Nullable Long inputRows,
            @Nullable Long tokens) {
        private CommittedBlock withoutTokens() {
            return new CommittedBlock(ordinal, session, inputRows, null);
        }
    }

    Position position(StepExecution partition) {
        return jdbc.sql("select ORDINAL + 1, sum(" + INPUT + ") over (), READ_SESSION from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER = ?"
                        + " order by ORDINAL desc fetch first 1 row only")
                .params(instance(partition), PartitionName.step(partition), PartitionName.number(partition))
                .query((row, n) -> new Position(row.getInt(1), row.getLong(2), row.getString(3)))
                .optional()
                .orElse(new Position(0, 0, null));
    }

    /** Rows of the input of all partitions that are committed, as rows of the result or as rejects. */
    public long rows(StepExecution step) {
        return rows(step, PartitionName.step(step));
    }

    /**
     * The same of another step.
     *
     * @param reader any step of the same run
     */
    long rows(StepExecution reader, String step) {
        return jdbc.sql("select coalesce(sum(" + INPUT
                        + "), 0) from MODELBATCH_SHARD where JOB_INSTANCE_ID = ? and STEP_NAME = ?")
                .params(instance(reader), step)
                .query(Long.class)
                .single();
    }

    /**
     * Rows of the result of a step in each partition that has some.
     *
     * @param reader any step of the same run
     */
    Map<Integer, Long> resultRows(StepExecution reader, String step) {
        Map<Integer, Long> rows = new HashMap<>();
        jdbc.sql("select PARTITION_NUMBER, sum(ROW_COUNT) from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and REJECTED = ? group by PARTITION_NUMBER")
                .params(instance(reader), step, ANSWERS)
                .query(row -> {
                    rows.put(row.getInt(1), row.getLong(2));
                });
        return rows;
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
        List<Shard> all =
                shards.isEmpty() && block.inputRows() != null && block.inputRows() > 0 ? List.of(NOTHING) : shards;
        if (all.isEmpty() && rejects.isEmpty()) {
            return;
        }
        String rows = String.join(", ", Collections.nCopies(all.size() + rejects.size(), ROW));
        JdbcClient.StatementSpec insert = jdbc.sql(
                "insert into MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED,"
                        + " OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C, READ_SESSION, INPUT_ROWS, COMMITTED_AT, TOKENS) values "
                        + rows);
        all.forEach(shard -> bind(insert, partition, block, shard, ANSWERS));
        // The tokens of a block stand in its first line.
        CommittedBlock rest = all.isEmpty() ? block : block.withoutTokens();
        rejects.forEach(object -> bind(insert, partition, rest, object, REJECTS));
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
                .param(block.session())
                .param(rejected.equals(ANSWERS) ? block.inputRows() : null)
                .param(block.tokens());
    }

    /**
     * Gives up what a partition became behind its first rows, which become its position. Takes part in the chunk's transaction.
     *
     * @throws StepFailedException when no block ends there
     */
    Counts giveUp(StepExecution partition, long kept) {
        int from = ordinalAt(partition, kept);
        Counts counts = behind(partition, from);
        jdbc.sql("delete from MODELBATCH_SHARD" + BEHIND)
                .params(instance(partition), PartitionName.step(partition), PartitionName.number(partition), from)
                .update();
        return counts;
    }

    private int ordinalAt(StepExecution partition, long kept) {
        List<Behind> blocks = jdbc.sql("select ORDINAL, sum(" + INPUT + ") from MODELBATCH_SHARD"
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

    /**
     * Rows of a partition.
     *
     * @param input rows that the others were made of
     * @param written rows in its shards
     * @param rejected rows in its rejects
     */
    public record Counts(long input, long written, long rejected) {}

    private Counts behind(StepExecution partition, int from) {
        return jdbc.sql("select coalesce(sum(" + INPUT + "), 0),"
                        + " coalesce(sum(case REJECTED when 'N' then ROW_COUNT end), 0),"
                        + " coalesce(sum(case REJECTED when 'Y' then ROW_COUNT end), 0) from MODELBATCH_SHARD" + BEHIND)
                .params(instance(partition), PartitionName.step(partition), PartitionName.number(partition), from)
                .query((row, n) -> new Counts(row.getLong(1), row.getLong(2), row.getLong(3)))
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
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and REJECTED = ? and ROW_COUNT > 0"
                        + " order by PARTITION_NUMBER, ORDINAL")
                .params(instance(reader), step, rejected)
                .query((row, n) -> new Shard(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4)))
                .list();
    }

    /**
     * The shards of a partition of a step, in the order of the rows.
     *
     * @param reader any step of the same run
     */
    List<Shard> shards(StepExecution reader, String step, int partition) {
        return jdbc.sql("select OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER = ? and REJECTED = ?"
                        + " and ROW_COUNT > 0 order by ORDINAL")
                .params(instance(reader), step, partition, ANSWERS)
                .query((row, n) -> new Shard(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4)))
                .list();
    }

    private static long instance(StepExecution step) {
        return step.getJobExecution().getJobInstance().getInstanceId();
    }
}
