package io.modelbatch.launch;

import java.sql.Timestamp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.batch.core.BatchStatus;
import org.springframework.jdbc.core.simple.JdbcClient;

/** All runs of the job repository, and which of them were pruned. */
final class StoredRuns {
    private static final String RUNS =
            "select i.JOB_INSTANCE_ID, i.JOB_NAME, e.JOB_EXECUTION_ID, e.STATUS, e.CREATE_TIME,"
                    + " e.END_TIME, p.COMPLETE from BATCH_JOB_INSTANCE i"
                    + " join BATCH_JOB_EXECUTION e on e.JOB_INSTANCE_ID = i.JOB_INSTANCE_ID"
                    + " left join MODELBATCH_PRUNED p on p.JOB_INSTANCE_ID = i.JOB_INSTANCE_ID";

    private final JdbcClient jdbc;
    private final int shardsAtOnce;

    StoredRuns(JdbcClient jdbc) {
        this(jdbc, 50_000);
    }

    /** @param shardsAtOnce the number of shards that one statement removes, or those of one partition */
    StoredRuns(JdbcClient jdbc, int shardsAtOnce) {
        this.jdbc = jdbc;
        this.shardsAtOnce = shardsAtOnce;
    }

    /** All runs, the newest first. One query. */
    List<StoredRun> all() {
        return runs(jdbc.sql(RUNS + " order by i.JOB_INSTANCE_ID desc, e.JOB_EXECUTION_ID"));
    }

    /** The run of a job instance that is there. */
    StoredRun of(long instance) {
        return runs(jdbc.sql(RUNS + " where i.JOB_INSTANCE_ID = ? order by e.JOB_EXECUTION_ID")
                        .param(instance))
                .get(0);
    }

    private static List<StoredRun> runs(JdbcClient.StatementSpec query) {
        Map<Long, StoredRun> runs = new LinkedHashMap<>();
        query.query(row -> {
            StoredRun run =
                    new StoredRun(row.getLong(1), row.getString(2), new ArrayList<>(), "Y".equals(row.getString(7)));
            Timestamp ended = row.getTimestamp(6);
            runs.computeIfAbsent(run.instance(), instance -> run)
                    .executions()
                    .add(new StoredRun.Execution(
                            row.getLong(3),
                            BatchStatus.valueOf(row.getString(4)),
                            row.getTimestamp(5).toLocalDateTime(),
                            ended == null ? null : ended.toInstant()));
        });
        return List.copyOf(runs.values());
    }

    /** The names of a run's steps, without those of partitions. */
    Set<String> steps(StoredRun run) {
        return new HashSet<>(jdbc.sql("select distinct s.STEP_NAME from BATCH_STEP_EXECUTION s"
                        + " join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = s.JOB_EXECUTION_ID"
                        + " where e.JOB_INSTANCE_ID = ? and s.STEP_NAME not like '%:%'")
                .param(run.instance())
                .query(String.class)
                .list());
    }

    /** The contexts of a run's executions: its settings, with the values of its parameters. */
    List<String> contexts(StoredRun run) {
        return jdbc.sql("select coalesce(c.SERIALIZED_CONTEXT, c.SHORT_CONTEXT) from BATCH_JOB_EXECUTION_CONTEXT c"
                        + " join BATCH_JOB_EXECUTION e on e.JOB_EXECUTION_ID = c.JOB_EXECUTION_ID"
                        + " where e.JOB_INSTANCE_ID = ?")
                .param(run.instance())
                .query(String.class)
                .list();
    }

    /** From now on the run's files may be missing. */
    void pruningBegins(StoredRun run) {
        int known = jdbc.sql("update MODELBATCH_PRUNED set COMPLETE = 'N' where JOB_INSTANCE_ID = ?")
                .param(run.instance())
                .update();
        if (known == 0) {
            jdbc.sql(
                            "insert into MODELBATCH_PRUNED (JOB_INSTANCE_ID, SINCE, COMPLETE) values (?, current_timestamp, 'N')")
                    .param(run.instance())
                    .update();
        }
    }

    /** The run's files are gone, and so is what the ledger has of its shards: the manifests of its results have it too. */
    void pruningEnded(StoredRun run) {
        removeShards(run.instance());
        jdbc.sql("update MODELBATCH_PRUNED set COMPLETE = 'Y' where JOB_INSTANCE_ID = ?")
                .param(run.instance())
                .update();
    }

    /** Some partitions at a time: servers end a statement that takes long. */
    private void removeShards(long run) {
        for (Piece piece : pieces(run)) {
            jdbc.sql(
                            "delete from MODELBATCH_SHARD where JOB_INSTANCE_ID = ? and STEP_NAME = ? and PARTITION_NUMBER between ? and ?")
                    .params(run, piece.step(), piece.first(), piece.last())
                    .update();
        }
    }

    private List<Piece> pieces(long run) {
        Deque<Piece> pieces = new ArrayDeque<>();
        jdbc.sql("select STEP_NAME, PARTITION_NUMBER, count(*) from MODELBATCH_SHARD where JOB_INSTANCE_ID = ?"
                        + " group by STEP_NAME, PARTITION_NUMBER order by STEP_NAME, PARTITION_NUMBER")
                .param(run)
                .query(row -> {
                    Piece partition = new Piece(row.getString(1), row.getInt(2), row.getInt(2), row.getLong(3));
                    Piece before = pieces.peekLast();
                    if (before != null
                            && before.step().equals(partition.step())
                            && before.shards() + partition.shards() <= shardsAtOnce) {
                        pieces.removeLast();
                        pieces.addLast(before.and(partition));
                    } else {
                        pieces.addLast(partition);
                    }
                });
        return List.copyOf(pieces);
    }

    /** Partitions of a step, from the first to the last one, and the number of their shards. */
    private record Piece(String step, int first, int last, long shards) {
        Piece and(Piece next) {
            return new Piece(step, first, next.last, shards + next.shards);
        }
    }
}
