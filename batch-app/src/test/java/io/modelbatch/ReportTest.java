package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** The content of the reports of real runs, and the times at which they are written. */
class ReportTest {
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final int FAILED_FOR_GOOD = 3;
    private static final int USAGE = 2;

    @TempDir
    private Path folder;

    @Test
    void saysWhatRanAndEachExecution() throws Exception {
        CommandLine shop = SmallShop.open(folder)
                .job(
                        "predict",
                        SmallShop.PREDICT_DAY.replace(
                                "load: { table: shop.answers }",
                                "command: { run: [sh, -c, \"echo x >> tries; test $(wc -l < tries) = 2\"] }"));
        assertThat(predict(shop).exit()).isEqualTo(FAILED_FOR_GOOD);
        JsonNode failed = written(shop, "predict-1");
        Ended ended = predict(shop);
        assertThat(ended.exit()).as(ended.words()).isZero();

        JsonNode report = written(shop, "predict-1");

        assertThat(failed.path("exit").asInt()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(failed.path("next").path(0).path("command").asString()).contains("job=predict");
        assertThat(report.path("version").asInt()).isEqualTo(1);
        assertThat(report.path("description").asString()).isEqualTo("Labels the lines");
        assertThat(report.path("settings").path("infer").asString()).isEqualTo("infer");
        assertThat(report.path("settings").path("infer.model").asString()).isEqualTo("gs://models/tiny");
        assertThat(report.path("settings").path("infer.task").asString()).isEqualTo("text-classification");
        assertThat(report.path("settings").path("infer.format").asString()).isEqualTo("parquet");
        assertThat(values(report.path("executions"), "number", "status", "exit"))
                .containsExactly("1 FAILED 3", "2 COMPLETED 0");
        JsonNode first = report.path("executions").path(0);
        assertThat(first.path("cause")).isEqualTo(failed.path("cause"));
        assertThat(first.path("host")).isEqualTo(report.path("process").path("host"));
        assertThat(Path.of(first.path("log").asString())).exists();
        assertThat(report.path("previous").isNull()).isTrue();
        assertThat(values(report.path("steps"), "name", "type"))
                .containsExactly("extract extract", "infer infer", "command command");
        assertThat(values(report.path("steps").path(1).path("attempts"), "execution", "partition", "status", "rows"))
                .containsExactly("1  COMPLETED 2", "1 0 COMPLETED 2", "1 1 COMPLETED 0");
        assertThat(values(report.path("steps").path(2).path("attempts"), "execution", "partition", "status"))
                .containsExactly("1  FAILED", "2  COMPLETED");
        assertThat(Files.readString(Path.of(report.path("log").asString()))).isNotEmpty();
    }

    @Test
    void namesThePreviousCompletedRunOfTheJob() throws Exception {
        CommandLine shop = SmallShop.open(folder)
                .job("other", SmallShop.PREDICT_DAY.replace("gs://results", "gs://results/other"));
        assertThat(shop.run("job=predict", "day=2026-01-01").exit()).isZero();
        assertThat(shop.run("job=other", "day=2026-01-01").exit()).isZero();
        assertThat(shop.run(
                                "job=predict",
                                "day=2026-01-02",
                                "--modelbatch.price.device-hour=36",
                                "--modelbatch.price.currency=EUR")
                        .exit())
                .isZero();

        JsonNode report = written(shop, "predict-3");
        JsonNode infer = report.path("steps").path(1);
        assertThat(values(infer.path("drift"), "of")).containsExactly("labels", "scores", "lengths");
        assertThat(infer.path("drift").path(2).path("jensenShannon").asDouble()).isZero();
        assertThat(sum(infer.path("drift").path(0).path("previousLabels"))).isEqualTo(2);
        assertThat(sum(infer.path("figures").path("distributions").path("labels")))
                .isEqualTo(3);
        assertThat(written(shop, "predict-1").path("steps").path(1).path("drift"))
                .isEmpty();
        assertThat(sum(infer.path("pace"), "rows")).isEqualTo(3);
        assertThat(sum(infer.path("pace"), "tokens"))
                .isEqualTo(infer.path("figures").path("tokens").asLong());
        JsonNode cost = report.path("cost");
        assertThat(cost.path("currency").asString()).isEqualTo("EUR");
        assertThat(cost.path("total").asDouble())
                .isCloseTo(infer.path("seconds").asDouble() / 100, within(1e-9));
        assertThat(written(shop, "predict-1").path("cost").has("total")).isFalse();

        JsonNode previous = written(shop, "predict-3").path("previous");

        assertThat(previous.path("run").asString()).isEqualTo("predict-1");
        assertThat(Path.of(previous.path("report").asString())).exists();
        assertThat(written(shop, "other-2").path("previous").isNull()).isTrue();
    }

    /** The program sees the report of its own run. */
    @Test
    void isThereWhileTheRunWorks() throws Exception {
        CommandLine shop = new CommandLine(folder).job("wait", """
                steps:
                  - command:
                      run: [sh, -c, "until cp HERE/local/buckets/modelbatch/runs/wait-1-*/report.json HERE/seen.json; do sleep 0.1; done"]
                """.replace("HERE", folder.toString()));

        Ended ended = shop.run("job=wait");

        assertThat(ended.exit()).as(ended.words()).isZero();
        JsonNode seen = JSON.readTree(Files.readString(folder.resolve("seen.json")));
        assertThat(seen.path("status").asString()).isEqualTo("STARTED");
        assertThat(seen.path("exit").isNull()).isTrue();
        assertThat(seen.path("ended").isNull()).isTrue();
        assertThat(values(seen.path("executions"), "number", "status")).containsExactly("1 STARTED");
        assertThat(values(seen.path("steps"), "name", "status")).containsExactly("command STARTED");
        assertThat(written(shop, "wait-1").path("status").asString()).isEqualTo("COMPLETED");
    }

    /** As a process leaves it that is killed between the last commit of a run and its report. */
    @Test
    void theNextStartWritesTheReportThatAKillPrevented() throws Exception {
        CommandLine shop = SmallShop.open(folder);
        assertThat(predict(shop).exit()).isZero();
        JsonNode whole = written(shop, "predict-1");
        ObjectNode atWork = ((ObjectNode) whole.deepCopy()).put("status", "STARTED");
        for (String left : List.of(atWork.toString(), "{")) {
            Files.writeString(file(shop, "predict-1"), left);
            assertThat(JSON.readTree(shop.run("report", "predict-1").output())).isEqualTo(whole);

            Ended ended = predict(shop);

            assertThat(ended.output()).contains("is complete already");
            assertThat(written(shop, "predict-1")).isEqualTo(whole);
        }
    }

    @Test
    void hasSamplesOfRejectsUnlessTheJobFileSaysNo() throws Exception {
        CommandLine shop =
                SmallShop.open(folder).table("shop.lines", "id,text,day\n1,milk,2026-01-01\n2,,2026-01-01\n");
        String job = SmallShop.PREDICT_DAY.replace("to: gs", "rejects: { max: 1 }\n      to: gs");
        assertThat(shop.job("predict", job).run("job=predict", "day=2026-01-01").exit())
                .isZero();
        assertThat(shop.job("predict", "report: { samples: false }\n" + job)
                        .run("job=predict", "day=2026-01-02")
                        .exit())
                .isZero();

        JsonNode with =
                written(shop, "predict-1").path("steps").path(1).path("figures").path("reject-reasons");
        JsonNode without =
                written(shop, "predict-2").path("steps").path(1).path("figures").path("reject-reasons");
        assertThat(values(with, "reason", "rows")).containsExactly("has no text (null) 1");
        assertThat(with.path(0).path("samples").path(0).toString())
                .isEqualTo("{\"key\":\"2\",\"row\":{\"id\":\"2\",\"text\":\"null\"}}");
        assertThat(values(without, "reason", "rows")).isEqualTo(values(with, "reason", "rows"));
        assertThat(without.path(0).path("samples")).isEmpty();
    }

    @Test
    void saysWhyTooManyRowsWereRejected() throws Exception {
        CommandLine shop = SmallShop.open(folder)
                .table("shop.lines", "id,text,day\n1,milk,2026-01-01\n2,,2026-01-01\n3,,2026-01-01\n")
                .job("predict", SmallShop.PREDICT_DAY.replace("partitions: 2", "partitions: 1"));
        Ended failed = predict(shop);
        assertThat(failed.exit()).as(failed.words()).isEqualTo(FAILED_FOR_GOOD);

        JsonNode infer = written(shop, "predict-1").path("steps").path(1);

        assertThat(infer.path("status").asString()).isEqualTo("FAILED");
        JsonNode figures = infer.path("figures");
        JsonNode reasons = figures.path("reject-reasons");
        assertThat(values(reasons, "reason", "rows")).containsExactly("has no text (null) 2");
        assertThat(values(reasons.path(0).path("samples"), "key")).containsExactly("2", "3");
        assertThat(figures.path("rejects").asString()).isEqualTo("gs://results/2026-01-01/rejects");
        assertThat(figures.path("used-model").path("address").asString()).isEqualTo("gs://models/tiny");
        assertThat(sum(figures.path("distributions").path("labels"))).isEqualTo(1);
        assertThat(figures.path("tokens").asLong()).isEqualTo(sum(infer.path("pace"), "tokens"));
        assertThat(Files.readString(file(shop, "predict-1").resolveSibling("report.html")))
                .contains("has no text (null)", "The first rows with this reason", "What infer spent its time on");

        Ended more = shop.job(
                        "predict",
                        SmallShop.PREDICT_DAY
                                .replace("partitions: 2", "partitions: 1")
                                .replace("to: gs", "rejects: { max: 2 }\n      to: gs"))
                .run("job=predict", "day=2026-01-01", "accept-changes=true");
        assertThat(more.exit()).as(more.words()).isZero();
        JsonNode complete = written(shop, "predict-1").path("steps").path(1).path("figures");
        assertThat(complete.path("distributions")).isEqualTo(figures.path("distributions"));
        assertThat(complete.path("reject-reasons")).isEqualTo(reasons);
        assertThat(complete.path("rows").asLong()).isEqualTo(1);
    }

    @Test
    void aPriceThatIsNoneIsRefused() {
        Ended ended = SmallShop.open(folder).run("job=predict", "day=2026-01-01", "--modelbatch.price.query-tib=cheap");

        assertThat(ended.exit()).isEqualTo(USAGE);
        assertThat(ended.words()).contains("modelbatch.price.query-tib is 'cheap'");
    }

    @Test
    void costsAsManyStatementsHoweverManyPartitionsThereAre() throws Exception {
        CommandLine shop = SmallShop.open(folder).with(StatementCounter.class);
        assertThat(statements(shop, 40, "milk", 0)).isEqualTo(statements(shop, 2, "milk", 0));
        assertThat(statements(shop, 9, "", FAILED_FOR_GOOD)).isEqualTo(statements(shop, 3, "", FAILED_FOR_GOOD));
    }

    private long statements(CommandLine shop, int partitions, String text, int exit) {
        String job = "predict-in-" + partitions;
        shop.table(
                        "shop.lines",
                        IntStream.range(0, 80)
                                .mapToObj(row -> row + "," + text + ",2026-01-01")
                                .collect(Collectors.joining("\n", "id,text,day\n", "\n")))
                .job(
                        job,
                        SmallShop.PREDICT_DAY
                                .replace("partitions: 2", "partitions: " + partitions)
                                .replace("gs://results", "gs://results/" + partitions));
        Ended ended = shop.run("job=" + job, "day=2026-01-01");
        assertThat(ended.exit()).as(ended.words()).isEqualTo(exit);
        // A report that is there is read, so it is removed: then it is made.
        try {
            Files.delete(file(
                    shop,
                    JSON.readTree(shop.run("status", "--json").output())
                            .path(0)
                            .path("run")
                            .asString()));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        long before = StatementCounter.statements();
        JsonNode report = JSON.readTree(shop.run("report").output());
        assertThat(report.path("steps").path(1).path("attempts")).hasSize(partitions + 1);
        return StatementCounter.statements() - before;
    }

    private static Ended predict(CommandLine shop) {
        return shop.run("job=predict", "day=2026-01-01");
    }

    private static JsonNode written(CommandLine shop, String run) throws IOException {
        return JSON.readTree(Files.readString(file(shop, run)));
    }

    private static Path file(CommandLine shop, String run) throws IOException {
        try (Stream<Path> runs = Files.list(shop.bucket("modelbatch/runs"))) {
            return runs.filter(path -> path.getFileName().toString().startsWith(run + "-"))
                    .findFirst()
                    .orElseThrow()
                    .resolve("report.json");
        }
    }

    private static long sum(JsonNode counts) {
        return StreamSupport.stream(counts.spliterator(), false)
                .mapToLong(JsonNode::asLong)
                .sum();
    }

    private static long sum(JsonNode array, String key) {
        return StreamSupport.stream(array.spliterator(), false)
                .mapToLong(each -> each.path(key).asLong())
                .sum();
    }

    private static List<String> values(JsonNode array, String... keys) {
        return StreamSupport.stream(array.spliterator(), false)
                .map(node ->
                        Stream.of(keys).map(key -> node.path(key).asString("")).collect(Collectors.joining(" ")))
                .toList();
    }
}
