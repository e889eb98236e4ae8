package io.modelbatch.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RunResultTextTest {
    @Test
    void countsTheRowsOfStepsThatHaveSome() {
        assertThat(RunResultText.words(Outcomes.completed()))
                .isEqualTo("predict-1 COMPLETED: extract 20,000 rows, infer 19,990 rows (10 rejected)");
    }

    @Test
    void aRunWithoutRowsHasNoCounts() {
        assertThat(RunResultText.words(Outcomes.failed())).isEqualTo("predict-1 FAILED");
    }

    @Test
    void aRunThatWasCompleteBeforeSaysHowItRunsAgain() {
        assertThat(RunResultText.words(Outcomes.completeAlready()))
                .isEqualTo("predict-1 is complete already; again=true runs it again");
    }

    @Test
    void theLogIsForWhoWantsToKnowWhatWentWrong() {
        assertThat(RunResultText.log(Outcomes.completed())).isEmpty();
        assertThat(RunResultText.log(Outcomes.failed())).contains(Outcomes.LOG);
    }

    @Test
    void rejectedRowsAreCountedWhereThereAreSome() {
        assertThat(RunResultText.rejected(Outcomes.step("infer", 5, 0))).isEmpty();
        assertThat(RunResultText.rejected(Outcomes.step("infer", 5, 1_234))).isEqualTo(" (1,234 rejected)");
    }

    @Test
    void parametersAreAsTyped() {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("shop", "東京");
        parameters.put("day", "2026-03-31");

        assertThat(RunResultText.assignments(parameters)).isEqualTo("  shop=東京  day=2026-03-31");
        assertThat(RunResultText.assignments(Map.of())).isEmpty();
    }
}
