package io.modelbatch.report;

import io.modelbatch.facts.Answered;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Evaluated;
import io.modelbatch.facts.Extracted;
import io.modelbatch.facts.Facts;
import io.modelbatch.facts.Histogram;
import io.modelbatch.facts.Loaded;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.facts.Published;
import io.modelbatch.facts.RejectReason;
import io.modelbatch.facts.Trained;
import io.modelbatch.facts.UsedModel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Reports of runs of a receipt shop, for tests of the page and for the pictures of its documentation. */
final class SampleReports {
    static final Instant STARTED = Instant.parse("2026-03-31T18:15:04Z");
    private static final List<String> LABELS =
            List.of("groceries", "household", "drinks", "clothing", "stationery", "electronics", "deposit", "other");
    private static final UsedModel MODEL = new UsedModel(
            "gs://receipts-ml/models/categories@train-1-20260314T091200-de65eff0",
            "ad31b304cdf42d76d4db1bf22eb4874d82e58fcc8d0c9f3bf79b709e8627a3c0");

    private SampleReports() {}

    /** A run of one and a half hours with partitions, which was killed once, and is compared with the one before. */
    static RunReport completed() {
        return predict(8, 2_400_000).report("COMPLETED", null, 0);
    }

    /** A run with that many partitions. */
    static RunReport partitions(int partitions) {
        return predict(partitions, 40_000_000).report("COMPLETED", null, 0);
    }

    /** A run that failed in its second step. */
    static RunReport failed() {
        Builder run = new Builder("predict-41", "predict");
        run.execution(STARTED, STARTED.plusSeconds(96), "FAILED", 3);
        run.step(extract(STARTED, 1, 120_000, 4));
        List<Attempt> attempts = new ArrayList<>();
        attempts.add(new Attempt(1, null, "FAILED", STARTED.plusSeconds(22), STARTED.plusSeconds(95), 31_744));
        for (int i = 0; i < 4; i++) {
            attempts.add(new Attempt(
                    1,
                    i,
                    i == 2 ? "FAILED" : "STOPPED",
                    STARTED.plusSeconds(24),
                    STARTED.plusSeconds(94 + i % 2),
                    7_936));
        }
        run.step(new RunReport.Step(
                "infer",
                "infer",
                "FAILED",
                31_744,
                412,
                4,
                0,
                73,
                434.8,
                attempts,
                List.of(),
                List.of(),
                OwnFacts.NONE));
        run.next.add(
                new RunReport.Next("Fix the cause, then resume", "java -jar batch.jar job=predict date=2026-03-31"));
        return run.report(
                "FAILED",
                "412 of 31,744 rows were rejected, more than rejects: { limit: 1% } allows. The most frequent reason (409 rows):"
                        + " the text is longer than 512 tokens and 'long-text' is 'reject'."
                        + " Choose long-text: truncate, or raise the limit",
                3);
    }

    /** A run that works now. */
    static RunReport atWork() {
        Builder run = new Builder("predict-43", "predict");
        run.execution(STARTED, null, "STARTED", null);
        run.step(extract(STARTED, 1, 120_000, 4));
        run.step(new RunReport.Step(
                "infer",
                "infer",
                "STARTED",
                12_000,
                0,
                4,
                0,
                40,
                300,
                List.of(new Attempt(1, null, "STARTED", STARTED.plusSeconds(22), null, 12_000)),
                List.of(),
                List.of(),
                OwnFacts.NONE));
        return run.report("STARTED", null, null);
    }

    /** A training of three epochs. */
    static RunReport training() {
        Builder run = new Builder("train-3", "train");
        run.description = "Fine-tune a small BERT to categorise receipt lines";
        run.execution(STARTED, STARTED.plusSeconds(1310), "COMPLETED", 0);
        run.step(extract(STARTED, 1, 4_000, 1));
        run.step(step("train", "train", STARTED.plusSeconds(9), 1180, 3_600, trained()));
        run.step(step("evaluate", "evaluate", STARTED.plusSeconds(1192), 64, 400, evaluated()));
        run.step(step(
                "publish",
                "publish",
                STARTED.plusSeconds(1258),
                41,
                0,
                new Published(MODEL.address(), "this version: accuracy 0.948 ≥ 0.93")));
        return run.report("COMPLETED", null, 0);
    }

    /** One whose texts try to leave their place on the page. */
    static RunReport hostile(String text) {
        Builder run = new Builder("predict-44", "predict");
        run.description = text;
        run.parameters.put(text, text);
        run.settings.put(text, text);
        run.next.add(new RunReport.Next(text, text));
        run.accepted.add(text);
        run.execution(STARTED, STARTED.plusSeconds(20), "FAILED", 3);
        Histogram histogram = new Histogram(List.of(0.0, 1.0), List.of(1L));
        Map<String, Object> own = new LinkedHashMap<>();
        own.put(text, text);
        own.put("list", List.of(text, Map.of(text, text)));
        run.step(step("own", text, STARTED, 1, 1, new OwnFacts(own)));
        run.step(new RunReport.Step(
                text,
                "infer",
                text,
                2,
                1,
                1,
                0,
                2,
                1,
                List.of(new Attempt(1, null, text, STARTED, STARTED.plusSeconds(2), 2)),
                List.of(),
                List.of(new Drift("labels", 0.5, 0.3, Map.of(text, 4L), null)),
                answered(
                        2,
                        1L,
                        new Distributions(Map.of(text, 2L), null, histogram, histogram),
                        List.of(new RejectReason(
                                text, 1, List.of(new RejectReason.Sample(text, Map.of(text, text))))))));
        run.step(step(
                "evaluate",
                "evaluate",
                STARTED.plusSeconds(3),
                2,
                2,
                new Evaluated(
                        2,
                        0.5,
                        0.5,
                        0.5,
                        0.5,
                        List.of(text, "b"),
                        List.of(List.of(1L, 1L), List.of(0L, 0L)),
                        List.of(),
                        null,
                        List.of(new Evaluated.Mistake(text, text, text, text, 0.9)))));
        return run.report("FAILED", text, 3);
    }

    private static Builder predict(int partitions, long rows) {
        Builder run = new Builder("predict-42", "predict");
        Instant killed = STARTED.plusSeconds(1500);
        Instant resumed = STARTED.plusSeconds(52_200);
        Instant ended = resumed.plusSeconds(3990);
        run.execution(STARTED, null, "FAILED", null);
        run.execution(resumed, ended, "COMPLETED", 0);
        run.step(extract(STARTED, 1, rows, partitions));
        run.step(infer(partitions, rows, killed, resumed));
        run.step(step(
                2,
                "load",
                "load",
                ended.minusSeconds(130),
                128,
                rows,
                new Loaded(rows - 1204, "shop.receipt_categories", null, rows - 1204)));
        run.previous = new RunReport.Previous(
                "predict-39",
                STARTED.minusSeconds(86_000),
                "gs://modelbatch/runs/predict-39-20260330T181502-de65eff0/report.json");
        run.cost = new Cost(48_318_382_080L, 1.49, "NVIDIA L4", 6.25, 0.71, 1.3327, "USD");
        return run;
    }

    private static RunReport.Step infer(int partitions, long rows, Instant killed, Instant resumed) {
        Random random = new Random(7);
        List<Attempt> attempts = new ArrayList<>();
        Instant begun = STARTED.plusSeconds(95);
        attempts.add(new Attempt(1, null, "FAILED", begun, killed, 0));
        attempts.add(new Attempt(2, null, "COMPLETED", resumed.plusSeconds(6), resumed.plusSeconds(3850), rows));
        double first = 1380;
        double second = 3820;
        int slots = Math.min(partitions, 8);
        double each = (first + second) * slots / partitions;
        double[] free = new double[slots];
        for (int i = 0; i < partitions; i++) {
            int slot = i % slots;
            double from = free[slot];
            double length = each * (0.55 + 0.7 * random.nextDouble()) * (i % 211 == 150 ? 3.2 : 1);
            double to = Math.min(first + second, from + length);
            free[slot] = to;
            if (from < first) {
                boolean isCut = to > first;
                attempts.add(new Attempt(
                        1,
                        i,
                        isCut ? "FAILED" : "COMPLETED",
                        begun.plusMillis((long) (1000 * from)),
                        isCut ? killed : begun.plusMillis((long) (1000 * to)),
                        isCut ? rows / partitions / 3 : rows / partitions));
                from = isCut ? first : to;
            }
            if (to > first) {
                attempts.add(new Attempt(
                        2,
                        i,
                        "COMPLETED",
                        resumed.plusMillis((long) (1000 * (from - first)) + 9000),
                        resumed.plusMillis((long) (1000 * (to - first)) + 9000),
                        rows / partitions));
            }
        }
        List<Pace> pace = new ArrayList<>();
        for (int i = 0; i < 26; i++) {
            pace.add(pace(begun.plusSeconds(i * 53L), 53, rows / 99, random));
        }
        for (int i = 0; i < 72; i++) {
            pace.add(pace(resumed.plusSeconds(9 + i * 53L), 53, rows / 99 - (i > 50 ? rows / 400 : 0), random));
        }
        return new RunReport.Step(
                "infer",
                "infer",
                "COMPLETED",
                rows,
                1204,
                partitions,
                1,
                5250,
                rows / 5250.0,
                attempts,
                pace,
                List.of(
                        new Drift("labels", 0.178, 0.137, labels(1_900_000, 1.9, 0), null),
                        new Drift("scores", 0.061, 0.024, null, scores(1_900_000, 8)),
                        new Drift("lengths", 0.031, 0.007, null, lengths(1_900_000, 11.6))),
                answered(
                        rows - 1204,
                        1204L,
                        new Distributions(labels(rows, 1.7, 3), null, scores(rows, 7), lengths(rows, 12)),
                        List.of(
                                new RejectReason(
                                        "the text is longer than 512 tokens",
                                        1193,
                                        List.of(
                                                sample("R-0093821-4", "MILK 1L  EGGS 10  BREAD  TOMATOES  RICE 5KG …"),
                                                sample("R-0107723-1", "TOTAL 12,40 EUR CARD **** 4411 THANK YOU …"))),
                                new RejectReason("the text is empty", 11, List.of(sample("R-0200417-9", ""))))));
    }

    private static RejectReason.Sample sample(String key, String text) {
        Map<String, String> row = new LinkedHashMap<>();
        row.put("line_id", key);
        row.put("text", text);
        return new RejectReason.Sample(key, row);
    }

    private static Pace pace(Instant from, int seconds, long rows, Random random) {
        long committed = (long) (rows * (0.85 + 0.3 * random.nextDouble()));
        return new Pace(from, seconds, committed, committed * 11);
    }

    private static Answered answered(
            long rows, Long rejected, Distributions distributions, List<RejectReason> reasons) {
        return new Answered(
                rows,
                1180,
                "gs://receipts-ml/predictions/2026-03-31",
                rejected,
                "gs://receipts-ml/predictions/2026-03-31/rejects",
                MODEL,
                "bfloat16",
                null,
                new Answered.DtypeTrial("bfloat16", 512, 2.31, 1, 0.0031),
                27_300_411,
                1.07,
                20_811,
                88L,
                new Answered.Seconds(9_804, 212, 96, 488),
                "NVIDIA L4",
                distributions,
                reasons);
    }

    private static Map<String, Long> labels(long rows, double fall, int shift) {
        Map<String, Long> labels = new LinkedHashMap<>();
        double sum = IntStream.range(0, LABELS.size())
                .mapToDouble(i -> 1 / Math.pow(fall, i))
                .sum();
        for (int i = 0; i < LABELS.size(); i++) {
            double wave = 1 + 0.06 * shift * Math.sin(i * 2.1 + 1);
            labels.put(LABELS.get(i), Math.round(rows / Math.pow(fall, i) / sum * wave));
        }
        return labels;
    }

    private static Histogram scores(long rows, int steep) {
        List<Double> edges =
                IntStream.rangeClosed(0, 20).mapToObj(i -> i / 20.0).toList();
        double sum = IntStream.range(0, 20)
                .mapToDouble(i -> Math.pow((i + 1) / 20.0, steep))
                .sum();
        return new Histogram(
                edges,
                IntStream.range(0, 20)
                        .mapToObj(i -> Math.round(rows * Math.pow((i + 1) / 20.0, steep) / sum))
                        .toList());
    }

    private static Histogram lengths(long rows, double middle) {
        List<Double> edges = DoubleStream.of(0, 2, 4, 6, 8, 10, 12, 16, 20, 24, 32, 48, 64, 96, 128, 256, 512)
                .boxed()
                .toList();
        List<Double> weights = IntStream.range(0, 16)
                .mapToObj(i -> Math.exp(-Math.pow(Math.log((edges.get(i) + edges.get(i + 1)) / 2 / middle), 2) / 0.4))
                .toList();
        double sum = weights.stream().mapToDouble(weight -> weight).sum();
        return new Histogram(
                edges,
                weights.stream().map(weight -> Math.round(rows * weight / sum)).toList());
    }

    private static RunReport.Step extract(Instant from, int execution, long rows, int partitions) {
        return new RunReport.Step(
                "extract",
                "extract",
                "COMPLETED",
                rows,
                0,
                1,
                0,
                rows > 1_000_000 ? 93 : 7,
                rows / (rows > 1_000_000 ? 93.0 : 7.0),
                List.of(new Attempt(
                        execution,
                        null,
                        "COMPLETED",
                        from.plusSeconds(1),
                        from.plusSeconds(rows > 1_000_000 ? 94 : 8),
                        rows)),
                List.of(),
                List.of(),
                new Extracted(rows, partitions, rows > 1_000_000 ? 48_318_382_080L : null));
    }

    private static RunReport.Step step(String name, String type, Instant from, int seconds, long rows, Facts facts) {
        return step(1, name, type, from, seconds, rows, facts);
    }

    private static RunReport.Step step(
            int execution, String name, String type, Instant from, int seconds, long rows, Facts facts) {
        return new RunReport.Step(
                name,
                type,
                "COMPLETED",
                rows,
                0,
                1,
                0,
                seconds,
                rows / (double) seconds,
                List.of(new Attempt(execution, null, "COMPLETED", from, from.plusSeconds(seconds), rows)),
                List.of(),
                List.of(),
                facts);
    }

    private static Trained trained() {
        Random random = new Random(3);
        List<Trained.Point> curve = LongStream.rangeClosed(1, 168)
                .mapToObj(i -> new Trained.Point(
                        i * 4,
                        2.08 * Math.exp(-i / 34.0) + 0.11 + 0.05 * random.nextDouble(),
                        5e-5 * Math.min(i / 17.0, 1) * Math.min(1, (168 - i) / 151.0)))
                .toList();
        List<Trained.Epoch> history = List.of(
                new Trained.Epoch(1, 1.214, new TreeMap<>(Map.of("accuracy", 0.884, "f1-macro", 0.861))),
                new Trained.Epoch(2, 0.331, new TreeMap<>(Map.of("accuracy", 0.935, "f1-macro", 0.924))),
                new Trained.Epoch(3, 0.172, new TreeMap<>(Map.of("accuracy", 0.948, "f1-macro", 0.941))));
        return new Trained(
                new UsedModel("gs://receipts-ml/models/bert-small", MODEL.sha256()),
                3,
                672,
                0.172,
                Map.of("accuracy", 0.948, "f1-macro", 0.941),
                history,
                "gs://modelbatch/runs/train-1/train/model",
                curve,
                "NVIDIA L4");
    }

    private static Evaluated evaluated() {
        Random random = new Random(5);
        List<List<Long>> confusion = IntStream.range(0, LABELS.size())
                .mapToObj(i -> IntStream.range(0, LABELS.size())
                        .mapToObj(
                                j -> i == j ? 38L + 4 * (8 - i) : random.nextInt(5) == 0 ? 1L + random.nextInt(4) : 0L)
                        .toList())
                .toList();
        List<Evaluated.CalibrationBin> bins = IntStream.range(3, 10)
                .mapToObj(i -> new Evaluated.CalibrationBin(
                        i / 10.0,
                        (i + 1) / 10.0,
                        i == 9 ? 331 : 4 + 3L * i,
                        i / 10.0 + 0.06,
                        i / 10.0 + 0.06 - 0.02 * (9 - i)))
                .toList();
        List<Evaluated.Mistake> mistakes = List.of(
                new Evaluated.Mistake("R-0011823-2", "PET BOTTLE RETURN 0,25", "deposit", "drinks", 0.994),
                new Evaluated.Mistake("R-0009120-7", "AA BATTERIES 4PK", "electronics", "household", 0.981),
                new Evaluated.Mistake("R-0031177-3", "GIFT WRAP RED 2M", "stationery", "household", 0.957));
        return new Evaluated(400, 0.948, 0.171, 0.902, 0.941, LABELS, confusion, bins, 0.0214, mistakes);
    }

    /** A report while it is put together. */
    private static final class Builder {
        private final String run;
        private final String job;
        private final Map<String, String> parameters = new LinkedHashMap<>(Map.of("date", "2026-03-31"));
        private final Map<String, String> settings = new LinkedHashMap<>();
        private final List<RunReport.Next> next = new ArrayList<>();
        private final List<String> accepted = new ArrayList<>();
        private final List<RunReport.Execution> executions = new ArrayList<>();
        private final List<RunReport.Step> steps = new ArrayList<>();
        private @Nullable String description = "Categorise the receipt lines up to a day";
        private RunReport.@Nullable Previous previous;
        private @Nullable Cost cost;

        Builder(String run, String job) {
            this.run = run;
            this.job = job;
            settings.put("steps", "extract, infer, load");
            settings.put("extract.query", "SELECT line_id, text FROM shop.receipt_lines WHERE purchased_on <= @date");
            settings.put("extract.key", "line_id");
            settings.put("infer.model", "gs://receipts-ml/models/categories@latest");
            settings.put("infer.to", "gs://receipts-ml/predictions/2026-03-31");
            settings.put("load.table", "shop.receipt_categories");
        }

        void execution(Instant started, @Nullable Instant ended, String status, @Nullable Integer exit) {
            int number = executions.size() + 1;
            executions.add(new RunReport.Execution(
                    number,
                    status,
                    started,
                    ended,
                    exit,
                    exit == null && status.equals("FAILED") ? "The process ended without saying why" : null,
                    "batch-7f9c",
                    "local/buckets/modelbatch/runs/" + run + "/logs/" + run + "." + number + ".log"));
        }

        void step(RunReport.Step step) {
            steps.add(step);
        }

        RunReport report(String status, @Nullable String cause, @Nullable Integer exit) {
            RunReport.Execution last = executions.get(executions.size() - 1);
            double seconds = steps.stream().mapToDouble(RunReport.Step::seconds).sum();
            return new RunReport(
                    RunReport.VERSION,
                    run,
                    job,
                    description,
                    status,
                    parameters,
                    executions.get(0).started(),
                    last.ended(),
                    seconds,
                    exit,
                    cause,
                    next,
                    new ReportedProcess(
                            "batch-7f9c", 7, "java -jar batch.jar job=" + job + " date=2026-03-31", "1.4.0"),
                    last.log(),
                    RunEnvironment.LOCAL,
                    accepted,
                    settings,
                    executions,
                    previous,
                    cost,
                    steps);
        }
    }
}
