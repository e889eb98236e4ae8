package io.modelbatch;

import static io.modelbatch.SmallShop.PREDICT_DAY;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.RecordedStatements.Parameter;
import io.modelbatch.store.ObjectStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.beans.factory.config.BeanPostProcessor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * PostgreSQL's plans of all statements that the commands send, in a job repository with a long history. No statement may read a table that
 * grows from its beginning to its end.
 */
class QueryPlansTest {
    private static final int RUNS = Integer.getInteger("plans.runs", 2_000);
    private static final int STEPS_OF_A_RUN = Integer.getInteger("plans.steps", 50);

    /** Tables that keep rows of what is over, and the queue. Others have a row for each run or worker, or are PostgreSQL's own and Flyway's. */
    private static final Pattern GROWING = Pattern.compile("batch_.*|modelbatch_(shard|pruned|task)");

    /** The queries of {@code prune}, which looks at the whole history. */
    private static final Pattern WHOLE_HISTORY =
            Pattern.compile("left join MODELBATCH_PRUNED p .* order by i.JOB_INSTANCE_ID desc, e.JOB_EXECUTION_ID$");

    /** Nodes that read all rows below them before they hand on the first one. */
    private static final Set<String> BLOCKING = Set.of("Sort", "Aggregate", "Hash", "WindowAgg", "SetOp");

    /** Relations of a node to the one above that asks it for rows one by one. An inner one is read again for each row of the outer one. */
    private static final Set<String> IN_ORDER = Set.of("Outer", "Member", "Subquery");

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path folder;

    private String database = "";

    /** Has a command typed while a run uploads its first shard. */
    static final class MeanWhile implements BeanPostProcessor {
        private static Runnable command = () -> {};

        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof ObjectStore store
                    ? Proxy.newProxyInstance(
                            ObjectStore.class.getClassLoader(),
                            new Class<?>[] {ObjectStore.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("put")) {
                                    Runnable once = command;
                                    command = () -> {};
                                    once.run();
                                }
                                try {
                                    return method.invoke(store, arguments);
                                } catch (InvocationTargetException e) {
                                    throw e.getCause();
                                }
                            })
                    : bean;
        }
    }

    @Test
    void noStatementReadsATableThatGrowsFromItsBeginningToItsEnd() throws Exception {
        database = PostgresServer.sharedDatabase();
        typeEachCommand();
        Map<String, Map<Integer, Parameter>> statements = RecordedStatements.all();
        assertThat(statements).hasSizeGreaterThan(60);

        try (Connection connection = DriverManager.getConnection(database, "postgres", "postgres")) {
            makeHistory(connection);
            List<String> slow = new ArrayList<>();
            for (var statement : new TreeMap<>(statements).entrySet()) {
                slow.addAll(slow(connection, statement.getKey(), statement.getValue()));
            }
            assertThat(slow).isEmpty();
        }
    }

    private void typeEachCommand() throws Exception {
        CommandLine shop = SmallShop.open(folder).with(RecordedStatements.class, MeanWhile.class);
        shop.job("predict", PREDICT_DAY.replace("gs://models/tiny", "gs://models/none"));
        assertThat(type(shop, "job=predict", "day=2026-01-01").exit()).isEqualTo(3);
        assertThat(type(shop, "recover", "predict-1").words()).contains("predict-1");
        shop.job("predict", PREDICT_DAY);
        FutureTask<Ended> stop = new FutureTask<>(() -> type(shop, "stop", "predict-1"));
        MeanWhile.command = () -> {
            type(shop, "status");
            new Thread(stop).start();
            waitForTheRequest(stop);
        };
        Ended stopped = type(shop, "job=predict", "day=2026-01-01");
        assertThat(stop.get().exit()).as(stop.get().words()).isZero();
        assertThat(stopped.exit()).as(stopped.words()).isEqualTo(4);
        assertThat(type(shop, "job=predict", "day=2026-01-01").exit()).isZero();
        assertThat(type(shop, "job=predict", "day=2026-01-01").words()).contains("complete already");
        assertThat(type(shop, "job=predict", "day=2026-01-01", "again=true").exit())
                .isZero();
        assertThat(type(shop, "job=predict", "day=2026-01-03", "--modelbatch.workers=both")
                        .exit())
                .isZero();
        assertThat(type(shop, "worker", "--idle=2s").exit()).isZero();
        shop.job("predict", PREDICT_DAY.replace("gs://models/tiny", "gs://models/none"));
        assertThat(type(shop, "job=predict", "day=2026-01-02").exit()).isEqualTo(3);
        assertThat(type(shop, "abandon", "predict-4").exit()).isZero();
        assertThat(type(shop, "restart", "predict-4").exit()).isNotZero();
        for (String verb : List.of(
                "status", "status predict", "status predict-2", "list", "report", "report predict-2", "check")) {
            assertThat(type(shop, verb.split(" ")).words()).contains("predict");
        }
        assertThat(type(shop, "prune", "older-than=0d", "keep=1", "delete=true").exit())
                .isZero();
    }

    /** The manager sees the request when it renews its lease: the second renewal comes after that. */
    private void waitForTheRequest(FutureTask<Ended> stop) {
        try (Connection connection = DriverManager.getConnection(database, "postgres", "postgres");
                PreparedStatement leases = connection.prepareStatement(
                        "select EXPIRES from MODELBATCH_LEASE where STOP_REQUESTED = 'Y'")) {
            Set<String> renewals = new HashSet<>();
            while (renewals.size() < 3) {
                if (stop.isDone()) {
                    assertThat(stop.get().exit()).as(stop.get().words()).isZero();
                }
                try (ResultSet lease = leases.executeQuery()) {
                    if (lease.next()) {
                        renewals.add(lease.getString(1));
                    }
                }
                Thread.sleep(20);
            }
        } catch (SQLException | InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private Ended type(CommandLine shop, String... words) {
        return shop.run(PostgresServer.arguments(database, words));
    }

    /** Runs of 20 jobs, half of them of one, with their executions, partitions, contexts and shards. */
    private static void makeHistory(Connection connection) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("set session_replication_role = replica"); // without the checks of references
            for (String sql : """
                    insert into BATCH_JOB_INSTANCE select 1000 + n, 0, case when n % 2 = 0 then 'predict' else 'job-' || n % 20 end, md5(n::text)
                      from generate_series(1, RUNS) n;
                    insert into BATCH_JOB_EXECUTION select 10000 + 2 * n + e, 2, 1000 + n, now() - (RUNS - n) * interval '1 hour',
                      now() - (RUNS - n) * interval '1 hour', now() - (RUNS - n) * interval '1 hour' + interval '20 minutes' * e,
                      case e when 1 then 'FAILED' else 'COMPLETED' end, 'COMPLETED', '', now()
                      from generate_series(1, RUNS) n, generate_series(1, 2) e;
                    insert into BATCH_JOB_EXECUTION_PARAMS select 10000 + 2 * n + e, p, 'java.lang.String', 'value ' || n, 'Y'
                      from generate_series(1, RUNS) n, generate_series(1, 2) e, unnest(array['day', 'country']) p;
                    insert into BATCH_JOB_EXECUTION_CONTEXT select 10000 + 2 * n + e, repeat('x', 1000), null
                      from generate_series(1, RUNS) n, generate_series(1, 2) e;
                    insert into BATCH_STEP_EXECUTION select 1000000 + STEPS * n + s, 9, 'infer:' || s, 10002 + 2 * n,
                      now(), now(), now(), 'COMPLETED', 9, 9, 0, 9, 0, 0, 0, 0, 'COMPLETED', '', now()
                      from generate_series(1, RUNS) n, generate_series(1, STEPS) s;
                    insert into BATCH_STEP_EXECUTION_CONTEXT select 1000000 + STEPS * n + s, repeat('x', 100), null
                      from generate_series(1, RUNS) n, generate_series(1, STEPS) s;
                    insert into MODELBATCH_SHARD select 1000 + n, 'infer', s, 0, 'N', 'shard-' || n || '-' || s, 9, 9, '00000000'
                      from generate_series(1, RUNS) n, generate_series(1, STEPS) s;
                    insert into MODELBATCH_DISPATCH (ID, JOB_EXECUTION_ID, JOB_NAME, RUN_KEY, STEP_NAME, DEVICE, MEMORY, PRIORITY,
                        ON_DEMAND, STOPPING, VERSION)
                      select 1000000 + n, 10000 + n, 'job-' || n, 'job=job-' || n, 'infer', 'any', 0, 0, 'N', 'N', '1' from generate_series(1, 20) n;
                    insert into MODELBATCH_TASK (TASK_NAME, TASK_INSTANCE, EXECUTION_TIME, PICKED, PICKED_BY, LAST_HEARTBEAT, VERSION)
                      select 'partition', (1000000 + n % 20) || '/' || n, now(), n % 10 = 0, 'worker-' || n % 200, now(), 1
                      from generate_series(1, RUNS * 10) n;
                    insert into MODELBATCH_PRUNED select 1000 + n, now(), 'Y' from generate_series(1, RUNS / 2) n;
                    analyze
                    """.replace("RUNS", String.valueOf(RUNS))
                    .replace("STEPS", String.valueOf(STEPS_OF_A_RUN))
                    .split(";")) {
                statement.execute(sql);
            }
        }
    }

    /** In words, what is slow in the plan of a statement. */
    private static List<String> slow(Connection connection, String sql, Map<Integer, Parameter> parameters)
            throws SQLException {
        String words = sql.strip().toLowerCase(Locale.ROOT);
        if (!words.startsWith("select")
                && !words.startsWith("update")
                && !words.startsWith("delete")
                && !words.startsWith("with")) {
            return List.of();
        }
        if (WHOLE_HISTORY.matcher(sql).find()) {
            return List.of();
        }
        try (PreparedStatement explain = connection.prepareStatement("explain (format json) " + sql)) {
            parameters.values().forEach(parameter -> parameter.set(explain));
            try (ResultSet plan = explain.executeQuery()) {
                plan.next();
                List<String> slow = new ArrayList<>();
                walk(JSON.readTree(plan.getString(1)).path(0).path("Plan"), false, slow);
                return slow.stream().map(node -> node + ": " + sql).toList();
            }
        }
    }

    /** An index that is read in its order, until there are as many rows as wanted, is not read to its end. */
    private static void walk(JsonNode node, boolean limited, List<String> slow) {
        String table = node.path("Relation Name").asString("");
        String kind = node.path("Node Type").asString();
        boolean whole = kind.equals("Seq Scan")
                || (kind.startsWith("Index") && node.path("Index Cond").isMissingNode() && !limited);
        if (whole && GROWING.matcher(table).matches()) {
            slow.add(kind + " of " + table);
        }
        boolean handsOn = kind.equals("Limit") || (limited && !BLOCKING.contains(kind));
        for (JsonNode child : node.path("Plans")) {
            boolean inOrder =
                    IN_ORDER.contains(child.path("Parent Relationship").asString(""));
            walk(child, handsOn && inOrder, slow);
        }
    }
}
