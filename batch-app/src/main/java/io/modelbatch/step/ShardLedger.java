package io.modelbatch.step;

import io.modelbatch.artifact.Shard;
import java.util.List;
import org.springframework.batch.core.step.StepExecution;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The committed shards of a step, in the job repository. A partition's position is the sum of its shards' rows and nothing
 * else: both change in one commit, so that no failure can move one without the other.
 */
final class ShardLedger {
    private final JdbcClient jdbc;

    ShardLedger(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * Where a partition goes on.
     *
     * @param shards shards committed
     * @param rows rows committed
     */
    record Position(int shards, long rows) {}

    Position position(StepExecution partition) {
        return jdbc.sql("select count(*), coalesce(sum(ROW_COUNT), 0) from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER = ?")
                .params(instance(partition), Partitions.step(partition), Partitions.number(partition))
                .query((row, n) -> new Position(row.getInt(1), row.getLong(2)))
                .single();
    }

    /** Rows of all partitions. */
    long rows(StepExecution step) {
        return jdbc.sql(
                        "select coalesce(sum(ROW_COUNT), 0) from MODELBATCH_SHARD where JOB_INSTANCE_ID = ? and STEP_NAME = ?")
                .params(instance(step), Partitions.step(step))
                .query(Long.class)
                .single();
    }

    /** Takes part in the chunk's transaction. */
    void add(StepExecution partition, int ordinal, Shard shard) {
        jdbc.sql("insert into MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, OBJECT_NAME,"
                        + " ROW_COUNT, BYTE_COUNT, CRC32C) values (?, ?, ?, ?, ?, ?, ?, ?)")
                .params(instance(partition), Partitions.step(partition), Partitions.number(partition), ordinal)
                .params(shard.name(), shard.rows(), shard.bytes(), shard.crc32c())
                .update();
    }

    /** All shards of a step, by partition, in the order of the rows. */
    List<Shard> shards(StepExecution step) {
        return jdbc.sql("select OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C from MODELBATCH_SHARD"
                        + " where JOB_INSTANCE_ID = ? and STEP_NAME = ? order by PARTITION_NUMBER, ORDINAL")
                .params(instance(step), Partitions.step(step))
                .query((row, n) -> new Shard(row.getString(1), row.getLong(2), row.getLong(3), row.getString(4)))
                .list();
    }

    private static long instance(StepExecution step) {
        return step.getJobExecution().getJobInstance().getInstanceId();
    }
}
