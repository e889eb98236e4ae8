package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.base.ManualTicker;
import io.modelbatch.facts.OwnFacts;
import io.modelbatch.facts.TrainingProgress;
import io.modelbatch.run.RunEvent;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TerminalOutputTest {
    private static final String MODEL = "gs://receipts-ml/models/categories/train-1-20260331T072422";

    private final StringWriter written = new StringWriter();
    private final ManualTicker ticker = new ManualTicker();
    private final TerminalOutput output = new TerminalOutput(new PrintWriter(written), () -> 80, ticker);

    @AfterEach
    void close() {
        output.close();
    }

    @Test
    void figuresThatDoNotFitStandBelowTheOthersAndNoPathIsBroken() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rows", 20_000L);
        figures.put("model", MODEL);
        figures.put("accuracy", 0.95944);
        output.accept(new RunEvent.Result("train-1", "publish", new OwnFacts(figures)));

        output.accept(new RunEvent.StepEnded("train-1", "publish", "COMPLETED", 0, 0.04));

        assertThat(written.toString().lines())
                .anySatisfy(line -> assertThat(line).endsWith("publish       0.0 s  rows 20,000"))
                .contains("                model " + MODEL)
                .allSatisfy(line -> assertThat(LineWrap.columns(line))
                        .isLessThanOrEqualTo(80 + "\u001b[32m\u001b[39m\u001b[0m".length()));
    }

    @Test
    void aPathThatNeedsAWholeLineHasOne() {
        String path = "gs://receipts-ml/models/categories/train-1-20260331T072422-a6ed0a6a-and-so-on-76";
        output.accept(new RunEvent.Result("train-1", "publish", new OwnFacts(Map.of("model", path))));

        output.accept(new RunEvent.StepEnded("train-1", "publish", "COMPLETED", 0, 0.04));

        assertThat(written.toString().lines()).contains(" ".repeat(80 - path.length()) + path);
    }

    @Test
    void aFirstFigureThatDoesNotFitBehindTheStepHasALineOfItsOwn() {
        String address = "gs://receipts-ml/models/categories/train-1-20260331T072422-a6ed0a6a";
        output.accept(new RunEvent.Result("train-1", "publish", new OwnFacts(Map.of("model", address))));

        output.accept(new RunEvent.StepEnded("train-1", "publish", "COMPLETED", 0, 0.04));

        assertThat(written.toString().lines())
                .anySatisfy(line -> assertThat(line).endsWith("publish       0.0 s"))
                .anySatisfy(line -> assertThat(line).isEqualTo("       model " + address));
    }

    @Test
    void figuresOfSeveralNumbersAreForTheReport() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("rows", 20L);
        figures.put("seconds", Map.of("computing", 1.5));
        figures.put("labels", List.of("a", "b"));
        output.accept(new RunEvent.Result("predict-1", "infer", new OwnFacts(figures)));

        output.accept(new RunEvent.StepEnded("predict-1", "infer", "COMPLETED", 20, 0.5));

        assertThat(written.toString()).contains("rows 20").doesNotContain("{", "[a", "seconds");
    }

    @Test
    void aTrainingThatStopsSaysHowFarItCame() {
        output.accept(new RunEvent.Training("train-1", "train", new TrainingProgress(188, 1_808, 0.41f, 1, Map.of())));

        output.accept(new RunEvent.StepEnded("train-1", "train", "STOPPED", 0, 4));

        assertThat(written.toString())
                .contains("188/1,808 steps  loss 0.410  epoch 1")
                .contains("train         4.0 s  188/1,808 steps  loss 0.410  epoch 1\n")
                .doesNotContain("rows");
    }

    @Test
    void theTimeOfAStepCountsFromItsBeginning() {
        ticker.pass(Duration.ofHours(1));
        output.accept(new RunEvent.StepStarted("predict-1", "infer"));
        ticker.pass(Duration.ofSeconds(83));
        output.accept(new RunEvent.Stage("predict-1", "infer", "loads gs://receipts-ml/models/base"));

        assertThat(written.toString()).endsWith("infer       1:23  loads gs://receipts-ml/models/base\u001b[K");
    }

    @Test
    void whileAModelIsLoadedTheLineSaysSo() {
        output.accept(new RunEvent.StepStarted("predict-1", "infer"));
        output.accept(new RunEvent.Stage("predict-1", "infer", "loads gs://receipts-ml/models/base"));

        assertThat(written.toString()).endsWith("infer       0:00  loads gs://receipts-ml/models/base\u001b[K");
    }

    @Test
    void aRunSaysItsNameAndWhetherItResumes() {
        output.accept(new RunEvent.Started("predict-1", Map.of("day", "2026-03-31"), RunEvent.Mode.NEW));
        output.accept(new RunEvent.Started("predict-1", Map.of("day", "2026-03-31"), RunEvent.Mode.RESUMED));

        assertThat(printed())
                .containsExactly("predict-1  day=2026-03-31", "predict-1 resumes where it stopped  day=2026-03-31");
    }

    @Test
    void whatARunWaitsForAndWarningsAndThatItStopsStays() {
        output.accept(new RunEvent.Waiting("predict-1", "the job repository does not answer"));
        output.accept(new RunEvent.Warning("predict-1", "nobody was told"));
        output.accept(new RunEvent.Stopping("predict-1"));

        assertThat(printed())
                .containsExactly(
                        "predict-1 waits: the job repository does not answer",
                        "Warning: nobody was told",
                        "Stopping; committed work is kept. Ctrl-C again ends the process at once.");
    }

    @Test
    void aStepThatFailedHasAnotherSignAndSlowOnesSayTheirRate() {
        output.accept(new RunEvent.StepEnded("predict-1", "extract", "COMPLETED", 20_000, 2));
        output.accept(new RunEvent.StepEnded("predict-1", "infer", "FAILED", 0, 0.3));

        assertThat(printed())
                .satisfiesExactly(
                        line -> assertThat(line)
                                .contains("✔")
                                .endsWith("extract       2.0 s  rows 20,000  10,000 rows/s"),
                        line -> assertThat(line).contains("✘").endsWith("infer         0.3 s  rows 0"));
    }

    @Test
    void theEndOfARunHasItsCountsAndItsReport() {
        output.ended(Outcomes.completed());

        assertThat(printed())
                .containsExactly(
                        "predict-1 COMPLETED: extract 20,000 rows, infer 19,990 rows (10 rejected)",
                        "Report: " + Outcomes.REPORT.page());
    }

    @Test
    void theEndOfARunThatFailedHasItsCauseItsLogAndTheCommandThatResumesIt() {
        output.ended(Outcomes.failed());

        assertThat(printed())
                .containsExactly(
                        "Cause: " + Outcomes.CAUSE,
                        "predict-1 FAILED",
                        "Log: " + Outcomes.LOG,
                        "Resume:",
                        "  " + Outcomes.RESUME);
    }

    /** The lines that stay, without the one that moves. */
    private List<String> printed() {
        return written.toString()
                .lines()
                .map(line -> line.substring(line.lastIndexOf("\u001b[K") < 0 ? 0 : line.lastIndexOf("\u001b[K") + 3))
                .filter(line -> !line.isEmpty())
                .toList();
    }
}
