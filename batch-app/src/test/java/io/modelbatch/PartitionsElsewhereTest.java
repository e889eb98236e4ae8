package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.cli.BatchCommand;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Partitions that another process executes, with nothing from the manager of their run but what is in the job repository. */
class PartitionsElsewhereTest {
    private static final int ROWS = 120;
    private static final int PARTITIONS = 3;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /** The first process dies when it has uploaded its second shard and not yet committed it. */
    @Configuration(proxyBeanMethods = false)
    static class DiesOnce {
        @Bean
        PartitionProcesses.Incident incident() {
            return new PartitionProcesses.Incident("die:2");
        }
    }

    /** The manager as a process of its own. The process that it starts suspends itself instead of dying. */
    @Configuration(proxyBeanMethods = false)
    static class Manager {
        @Bean
        PartitionProcesses.Incident incident() {
            return new PartitionProcesses.Incident("suspend:2");
        }

        public static void main(String[] arguments) {
            System.exit(BatchCommand.run(
                    arguments,
                    (settings, types) ->
                            BatchApplication.start(settings, types, PartitionProcesses.Wiring.class, Manager.class),
                    new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                    new PrintWriter(System.err, true, StandardCharsets.UTF_8)));
        }
    }

    @TempDir
    private Path folder;

    private CommandLine shop;
    private String database;

    @BeforeEach
    void open() throws Exception {
        database = PostgresServer.sharedDatabase();
        shop = new CommandLine(folder)
                .job(
                        "predict",
                        "parameters: { day: { type: date } }\n"
                                + SmallShop.predict(PARTITIONS, "${day}", "dtype: float32, block: { rows: 10 }"))
                .table("shop.lines", SmallShop.lines(ROWS))
                .classifier("models/tiny");
        Files.createDirectories(folder.resolve("local"));
        PartitionProcess.home(folder.resolve("elsewhere"), folder.resolve("local"));
    }

    @Test
    void theResultIsThatOfThePartitionsOfTheManagersProcessAlsoWhenAProcessDies() throws Exception {
        assertThat(run(shop, "2026-01-01").exit()).isZero();

        Ended ended = run(shop.with(PartitionProcesses.Wiring.class, DiesOnce.class), "2026-01-02");

        assertThat(ended.exit()).as(ended.words() + log()).isZero();
        assertThat(log()).contains("status=COMPLETED");
        assertThat(
                        number(
                                "select count(*) from BATCH_STEP_EXECUTION where STEP_NAME like 'infer:%' and STATUS = 'FAILED'"))
                .as("step executions of processes that died")
                .isEqualTo(1);
        assertThat(rows("2026-01-02")).hasSize(ROWS).isEqualTo(rows("2026-01-01"));
        JsonNode here = report("2026-01-01");
        JsonNode elsewhere = report("2026-01-02");
        assertThat(elsewhere.path("rows").asInt())
                .isEqualTo(ROWS)
                .isEqualTo(here.path("rows").asInt());
        assertThat(elsewhere.path("figures").path("tokens"))
                .isEqualTo(here.path("figures").path("tokens"));
    }

    /** The other process has the jar, and a home of its own. */
    @Test
    void aTransformIsExecutedElsewhere() throws Exception {
        ExtensionJar.put(folder);
        ExtensionJar.put(folder.resolve("elsewhere"));
        shop.job("predict", """
                parameters: { day: { type: date } }
                steps:
                  - extract: { query: "SELECT id, text FROM shop.lines", key: id, partitions: 2 }
                  - split-sentences: { text: text, to: "gs://results/${day}", block: { rows: 20 } }
                """);

        Ended ended = run(
                shop.with(PartitionProcesses.Wiring.class, DiesOnce.class),
                "2026-01-02",
                "--modelbatch.extensions=" + folder.resolve("extensions"));

        assertThat(ended.exit()).as(ended.words() + log()).isZero();
        assertThat(log()).contains("status=COMPLETED");
        assertThat(ended.output()).contains("\"rows\":" + ROWS + ",\"input-rows\":" + ROWS);
        assertThat(
                        number(
                                "select count(*) from BATCH_STEP_EXECUTION where STEP_NAME like 'split%:%' and STATUS = 'FAILED'"))
                .isEqualTo(1);
    }

    @Test
    void aPartitionWhoseManagerLostTheRunCommitsNothingMore() throws Exception {
        assertThat(run(shop, "2026-01-01").exit()).isZero();
        Process manager = PartitionProcess.java(Manager.class, arguments(shop, "2026-01-02"))
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("manager.log").toFile())
                .start();
        ProcessHandle partition = suspended(manager);
        try {
            manager.destroyForcibly().waitFor();
            long committed = committed();
            assertThat(committed).isPositive();

            Ended taken = run(shop, "2026-01-02");

            assertThat(taken.exit()).as(taken.words()).isZero();
            assertThat(rows("2026-01-02")).isEqualTo(rows("2026-01-01"));
            long all = committed();
            List<String> objects = objects("2026-01-02");
            signal("CONT", partition);
            partition.onExit().get(1, TimeUnit.MINUTES);
            assertThat(log()).contains("Another process took over");
            assertThat(committed()).isEqualTo(all);
            assertThat(objects("2026-01-02")).isEqualTo(objects);
        } finally {
            manager.destroyForcibly();
            partition.destroyForcibly();
        }
    }

    private ProcessHandle suspended(Process manager) throws Exception {
        Path file = folder.resolve("elsewhere").resolve(PartitionProcess.SUSPENDED);
        while (Files.notExists(file) || Files.size(file) == 0) {
            assertThat(manager.waitFor(50, TimeUnit.MILLISECONDS))
                    .as(Files.readString(folder.resolve("manager.log")) + log())
                    .isFalse();
        }
        return ProcessHandle.of(Long.parseLong(Files.readString(file))).orElseThrow();
    }

    private static void signal(String name, ProcessHandle process) throws Exception {
        new ProcessBuilder("kill", "-" + name, String.valueOf(process.pid()))
                .start()
                .waitFor();
    }

    private Ended run(CommandLine line, String day, String... more) {
        return line.run(Stream.concat(
                        Stream.of(PostgresServer.arguments(database, "job=predict", "day=" + day)), Stream.of(more))
                .toArray(String[]::new));
    }

    private String[] arguments(CommandLine line, String day) {
        return PostgresServer.arguments(
                database,
                "job=predict",
                "day=" + day,
                "--modelbatch.jobs=" + line.folder().resolve("job-configs"),
                "--modelbatch.local.home=" + line.folder().resolve("local"));
    }

    /** Committed blocks of all runs. */
    private long committed() throws Exception {
        return number("select count(*) from MODELBATCH_SHARD");
    }

    private long number(String query) throws Exception {
        try (var connection = DriverManager.getConnection(database, "postgres", "postgres");
                var statement = connection.createStatement();
                var count = statement.executeQuery(query)) {
            count.next();
            return count.getLong(1);
        }
    }

    private Map<Long, List<Object>> rows(String day) throws Exception {
        return AnsweredRows.in(shop.bucket("results/" + day));
    }

    private List<String> objects(String day) throws IOException {
        try (Stream<Path> files = Files.walk(shop.bucket("results/" + day))) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    /** The step {@code infer} in the report of a run. */
    private JsonNode report(String day) throws IOException {
        try (Stream<Path> runs = Files.list(shop.bucket("modelbatch/runs"))) {
            for (Path run : runs.toList()) {
                JsonNode report = JSON.readTree(Files.readString(run.resolve("report.json")));
                if (report.path("parameters").path("day").asString().equals(day)) {
                    return report.path("steps").get(1);
                }
            }
        }
        throw new AssertionError("no report of " + day);
    }

    private String log() throws IOException {
        Path log = folder.resolve("elsewhere/output.log");
        return Files.exists(log) ? Files.readString(log) : "";
    }
}
