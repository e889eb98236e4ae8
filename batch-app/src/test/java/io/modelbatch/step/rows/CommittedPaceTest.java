package io.modelbatch.step.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.PostgresServer;
import io.modelbatch.run.TestRepository;
import io.modelbatch.step.rows.CommittedPace.Interval;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

class CommittedPaceTest {
    private static final Instant START = Instant.parse("2026-03-31T07:00:00Z");
    private static final long RUN = 7;

    @Test
    void addsUpRowsAndTokensOverTimeInH2(@TempDir Path folder) throws Exception {
        addsUp(TestRepository.h2(folder));
    }

    @Test
    void addsUpRowsAndTokensOverTimeInPostgres() throws Exception {
        addsUp(TestRepository.postgres(PostgresServer.sharedDatabase()));
    }

    private static void addsUp(DataSource database) throws SQLException {
        try (Connection connection = database.getConnection()) {
            addsUp(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
        }
    }

    private static void addsUp(JdbcClient jdbc) {
        for (long run : List.of(RUN, 8L)) {
            jdbc.sql("insert into BATCH_JOB_INSTANCE (JOB_INSTANCE_ID, VERSION, JOB_NAME, JOB_KEY)"
                            + " values (?, 0, 'predict', ?)")
                    .params(run, String.valueOf(run))
                    .update();
        }
        block(jdbc, RUN, "short", 0, START, 10, null, 90L);
        block(jdbc, RUN, "short", 1, START.plusMillis(2500), 20, null, 80L);
        block(jdbc, RUN, "short", 2, START.plusMillis(2600), 5, 30L, null); // rows that became fewer
        block(jdbc, RUN, "earlier", 0, null, 10, null, null);
        for (int block = 0; block < 240; block++) {
            block(jdbc, RUN, "long", block, START.plusSeconds(100L * block), 1, null, 2L);
        }
        block(jdbc, 8L, "short", 0, START, 1000, null, 1000L);

        Map<String, List<Interval>> pace = new CommittedPace(jdbc).of(RUN);

        assertThat(pace).containsOnlyKeys("short", "long");
        assertThat(pace.get("short"))
                .containsExactly(
                        new Interval(START, 1, 10, 90),
                        new Interval(START.plusSeconds(1), 1, 0, 0),
                        new Interval(START.plusSeconds(2), 1, 50, 80));
        List<Interval> many = pace.get("long");
        assertThat(many).hasSize(121);
        assertThat(many.get(0).seconds()).isCloseTo(23_900.0 / 120, within(1e-6));
        assertThat(many.stream().mapToLong(Interval::rows).sum()).isEqualTo(240);
        assertThat(many.stream().mapToLong(Interval::tokens).sum()).isEqualTo(480);
        assertThat(many).allSatisfy(interval -> assertThat(interval.rows()).isPositive());
    }

    private static void block(
            JdbcClient jdbc,
            long run,
            String step,
            int ordinal,
            @Nullable Instant committed,
            long rows,
            @Nullable Long input,
            @Nullable Long tokens) {
        jdbc.sql("insert into MODELBATCH_SHARD (JOB_INSTANCE_ID, STEP_NAME, PARTITION_NUMBER, ORDINAL, REJECTED,"
                        + " OBJECT_NAME, ROW_COUNT, BYTE_COUNT, CRC32C, INPUT_ROWS, COMMITTED_AT, TOKENS)"
                        + " values (?, ?, 0, ?, 'N', 'x', ?, 0, '00000000', ?, ?, ?)")
                .params(run, step, ordinal, rows)
                .param(input)
                .param(committed == null ? null : committed.atOffset(ZoneOffset.UTC))
                .param(tokens)
                .update();
    }
}
