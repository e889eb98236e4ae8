package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.store.ObjectStore;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.beans.factory.config.BeanPostProcessor;
import tools.jackson.databind.json.JsonMapper;

/**
 * The statements that a run sends to its job repository. With {@code -Dpartitions=1000 -Dexecutions=20} it counts those of a larger run.
 */
class StatementsTest {
    /** The ledger, the lease, the context and the step execution; {@code BEGIN} and {@code COMMIT} make it six. */
    private static final double A_BLOCK = 4;

    private static final double A_PARTITION = 16;

    private static final int FEW = 4;
    private static final int MANY = Integer.getInteger("partitions", 16);
    private static final int EXECUTIONS = Integer.getInteger("executions", 3);
    private static final int ROWS = 10 * MANY;

    @TempDir
    private Path folder;

    /** Databases that keep a job repository. */
    enum Repository {
        H2,
        POSTGRESQL
    }

    /** Buckets that take no shard, so that each partition fails at its first block. */
    static final class NoUploads implements BeanPostProcessor {
        @Override
        public Object postProcessAfterInitialization(Object bean, String name) {
            return bean instanceof ObjectStore store
                    ? Proxy.newProxyInstance(
                            ObjectStore.class.getClassLoader(),
                            new Class<?>[] {ObjectStore.class},
                            (proxy, method, arguments) -> {
                                if (method.getName().equals("put")) {
                                    throw new IOException("no uploads");
                                }
                                return method.invoke(store, arguments);
                            })
                    : bean;
        }
    }

    /** Statements and committed blocks of a run. */
    private record Counted(long statements, long blocks) {}

    @ParameterizedTest
    @EnumSource
    void aBlockCostsAsManyHoweverManyPartitionsThereAre(Repository repository) throws Exception {
        List<String> database = database(repository);
        run(database, "first", FEW, 5, 0); // makes the tables
        Counted few = run(database, "few", FEW, 5, 0);
        Counted many = run(database, "many", MANY, 5, 0);
        Counted moreBlocks = run(database, "more-blocks", MANY, 2, 0);

        assertThat(aBlock(many, moreBlocks))
                .as("a block of %s partitions", MANY)
                .isLessThanOrEqualTo(A_BLOCK);
        assertThat(aPartition(few, many)).as("a partition").isLessThanOrEqualTo(A_PARTITION);
    }

    @ParameterizedTest
    @EnumSource
    void aBlockCostsAsManyAfterManyExecutions(Repository repository) throws Exception {
        List<String> database = database(repository);
        Counted few = run(database, "few", MANY, 5, EXECUTIONS);
        Counted more = run(database, "more", MANY, 2, EXECUTIONS);

        assertThat(aBlock(few, more))
                .as("a block after %s executions", EXECUTIONS)
                .isLessThanOrEqualTo(A_BLOCK);
    }

    private static double aBlock(Counted few, Counted more) {
        return (more.statements - few.statements) / (double) (more.blocks - few.blocks);
    }

    private static double aPartition(Counted few, Counted many) {
        return (many.statements - few.statements - A_BLOCK * (many.blocks - few.blocks)) / (MANY - FEW);
    }

    private List<String> database(Repository repository) throws Exception {
        return repository == Repository.H2
                ? List.of()
                : List.of(PostgresServer.arguments(PostgresServer.sharedDatabase()));
    }

    /** A run that failed a number of times before, with all its partitions open. */
    private Counted run(List<String> database, String job, int partitions, int block, int failures) throws Exception {
        CommandLine shop = new CommandLine(folder)
                .job(
                        job,
                        "parameters: { day: { type: date } }\n"
                                + SmallShop.predict(partitions, job, "dtype: float32, block: { rows: " + block + " }"))
                .table("shop.lines", SmallShop.lines(ROWS));
        shop.classifier("models/tiny");
        for (int failure = 0; failure < failures; failure++) {
            Ended failed = start(shop.with(StatementCounter.class, NoUploads.class), database, job);
            assertThat(failed.words()).contains("no uploads");
        }
        long before = StatementCounter.statements();

        Ended ended = start(shop.with(StatementCounter.class), database, job);

        assertThat(ended.exit()).as(ended.words()).isZero();
        long blocks = JsonMapper.builder()
                .build()
                .readTree(Files.readAllBytes(shop.bucket("results/" + job + "/manifest.json")))
                .path("shards")
                .size();
        Counted counted = new Counted(StatementCounter.statements() - before, blocks);
        System.out.println(job + ", " + partitions + " partitions, " + failures + " executions before: " + counted);
        return counted;
    }

    private static Ended start(CommandLine shop, List<String> database, String job) {
        return shop.run(Stream.concat(Stream.of("job=" + job, "day=2026-01-01"), database.stream())
                .toArray(String[]::new));
    }
}
