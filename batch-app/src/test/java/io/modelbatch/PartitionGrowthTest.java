package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The statements that the partitions of a run send to PostgreSQL, after executions in which each partition failed. They must grow with the number of
 * partitions and no faster. {@code -Dpartitions=10,100,1000} are other numbers, and {@code -Dexecutions=3} is the number of executions before. The
 * lines of tables that were read are printed too, and not asserted: reports and progress of a run read some by the time.
 */
class PartitionGrowthTest {
    private static final List<Integer> PARTITIONS = Stream.of(
                    System.getProperty("partitions", "4,16,48").split(","))
            .map(Integer::valueOf)
            .toList();
    private static final int EXECUTIONS = Integer.getInteger("executions", 1);
    private static final int ROWS = 40;
    private static final int BLOCKS = 2;

    /** Of a partition with two blocks, each with four statements. */
    private static final double STATEMENTS = 40;

    private static final double NOISE = 1.1;

    @TempDir
    private Path folder;

    /** Statements of a run, and lines of tables that they read. */
    private record Cost(int partitions, long statements, long lines) {
        double statementsMoreThan(Cost fewer) {
            return (statements - fewer.statements) / (double) (partitions - fewer.partitions);
        }
    }

    @Test
    void aPartitionCostsAsMuchHoweverManyThereAre() throws Exception {
        String database = PostgresServer.sharedDatabase();
        cost(database, "makes-the-tables", 1);
        List<Cost> costs = new ArrayList<>();
        for (int partitions : PARTITIONS) {
            costs.add(cost(database, "p" + partitions, partitions));
        }
        for (int i = 2; i < costs.size(); i++) {
            Cost few = costs.get(i - 2);
            Cost more = costs.get(i - 1);
            Cost many = costs.get(i);
            assertThat(many.statementsMoreThan(more))
                    .as("statements of a partition: %s", costs)
                    .isLessThanOrEqualTo(STATEMENTS)
                    .isLessThanOrEqualTo(NOISE * more.statementsMoreThan(few));
        }
    }

    /** Of the last execution of a run. */
    private Cost cost(String database, String job, int partitions) throws Exception {
        CommandLine shop = new CommandLine(folder)
                .with(FixedLatency.class, StatementCounter.class)
                .classifier("models/tiny")
                .table("shop.lines", SmallShop.lines(ROWS * partitions))
                .job(job, SmallShop.predict(partitions, job, "dtype: float32, block: { rows: " + ROWS / BLOCKS + " }"));
        for (int execution = 0; execution < EXECUTIONS; execution++) {
            Ended failed = start(shop.with(FixedLatency.class, StatementsTest.NoUploads.class), database, job);
            assertThat(failed.words()).contains("no uploads");
        }
        long statements = StatementCounter.statements();
        long lines = lines(database);
        Ended ended = start(shop, database, job);
        assertThat(ended.exit()).as(ended.words()).isZero();
        Cost cost = new Cost(partitions, StatementCounter.statements() - statements, lines(database) - lines);
        System.out.println(cost);
        return cost;
    }

    private static Ended start(CommandLine shop, String database, String job) {
        return shop.run(PostgresServer.arguments(database, "job=" + job));
    }

    /** Lines that all sessions have read, which they report when they end. Those of the ledger are left out: its sums go by the time. */
    private static long lines(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(database, "postgres", "postgres");
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select sum(coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)) from pg_stat_user_tables"
                                + " where relname <> 'modelbatch_shard'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
