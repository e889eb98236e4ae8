package io.modelbatch.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.PostgresServer;
import io.modelbatch.run.TestRepository;
import java.nio.file.Path;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.batch.core.job.JobInstance;
import org.springframework.batch.core.job.parameters.JobParameters;
import org.springframework.batch.core.job.parameters.JobParametersBuilder;
import org.springframework.batch.core.repository.JobRepository;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Shards are removed seven at a time. A run has ten: nine blocks of three partitions, one of which has rejects too. */
class StoredRunsTest {
    private static final int AT_ONCE = 7;

    @TempDir
    private Path folder;

    @Test
    void h2() throws Exception {
        removesShardsInPiecesAndContinuesWhereItFailed(TestRepository.h2(folder));
    }

    @Test
    void postgresql(@TempDir Path data) throws Exception {
        try (PostgresServer server = PostgresServer.start(data)) {
            removesShardsInPiecesAndContinuesWhereItFailed(TestRepository.postgres(server.newDatabase()));
        }
    }

    /** The removal fails at a reference to a shard of the last partition. */
    private static void removesShardsInPiecesAndContinuesWhereItFailed(DataSource database) throws Exception {
        JdbcClient jdbc = JdbcClient.create(database);
        JobRepository jobs = TestRepository.jobs(database);
        StoredRuns runs = new StoredRuns(jdbc, AT_ONCE);
        long other = run(jobs, jdbc, "kept");
        StoredRun run = runs.of(run(jobs, jdbc, "old"));
        jdbc.sql(
                        "create table KEEPS (JOB_INSTANCE_ID BIGINT, STEP_NAME VARCHAR(100), PARTITION_NUMBER INT, ORDINAL INT,"
                                + " REJECTED CHAR(1), foreign key (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED)"
                                + " references MODELBATCH_SHARD)")
                .update();
        jdbc.sql("insert into KEEPS values (?, 'infer', 2, 1, 'N')")
                .param(run.instance())
                .update();
        runs.pruningBegins(run);

        assertThatThrownBy(() -> runs.pruningEnded(run)).isInstanceOf(DataIntegrityViolationException.class);

        assertThat(shards(jdbc, run.instance())).isEqualTo(3);
        assertThat(runs.of(run.instance()).pruned()).isFalse();
        jdbc.sql("drop table KEEPS").update();
        runs.pruningEnded(run);
        assertThat(shards(jdbc, run.instance())).isZero();
        assertThat(runs.of(run.instance()).pruned()).isTrue();
        assertThat(shards(jdbc, other)).isEqualTo(10);
    }

    private static long run(JobRepository jobs, JdbcClient jdbc, String job) {
        JobParameters parameters =
                new JobParametersBuilder().addString("job", job).toJobParameters();
        JobInstance instance = jobs.createJobInstance(job, parameters);
        jobs.createJobExecution(instance, parameters, new ExecutionContext());
        for (int shard = 0; shard < 9; shard++) {
            for (String rejected : shard == 1 ? List.of("N", "Y") : List.of("N")) {
                jdbc.sql(
                                "insert into MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED,"
                                        + " OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C) values (?, 'infer', ?, ?, ?, ?, 9, 9, '00000000')")
                        .params(instance.getInstanceId(), shard / 3, shard % 3, rejected, job + shard + rejected)
                        .update();
            }
        }
        return instance.getInstanceId();
    }

    private static long shards(JdbcClient jdbc, long run) {
        return jdbc.sql("select count(*) from MODELBATCH_SHARD where JOB_INSTANCE_ID = ?")
                .param(run)
                .query(Long.class)
                .single();
    }
}
