package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenBudgetTest {
    private static final int BEST = 512;

    @TempDir
    Path folder;

    private Path archive() {
        return folder.resolve("model.pt");
    }

    @Test
    void keepsTheSizeAtWhichTokensWereAnsweredFastestAlsoForLaterRuns() throws Exception {
        TokenBudget budget = TokenBudget.of(archive(), false);
        int batches = 0;
        while (!Files.exists(folder.resolve("model.pt.cpu-tokens"))) {
            int tokens = budget.next();
            budget.done(tokens, tokens, tokens * (tokens == BEST ? 5L : 9L));
            assertThat(++batches).isLessThan(100);
        }

        assertThat(budget.next()).isEqualTo(BEST);
        assertThat(budget.largest()).isEqualTo(BEST);
        assertThat(TokenBudget.of(archive(), false).next()).isEqualTo(BEST);
        assertThat(TokenBudget.of(archive(), true).next()).isGreaterThan(BEST);
    }

    @Test
    void theFirstBatchOfASizeIsNotTimed() throws Exception {
        TokenBudget budget = TokenBudget.of(archive(), false);
        int first = 0;
        for (int i = 0; i < 100 && !Files.exists(folder.resolve("model.pt.cpu-tokens")); i++) {
            int tokens = budget.next();
            long slow = i < 4 && tokens == BEST ? 1_000_000 : 1;
            budget.done(tokens, tokens, tokens * slow * (tokens == BEST ? 5L : 9L));
            first = tokens;
        }

        assertThat(first).isPositive();
        assertThat(budget.next()).isEqualTo(BEST);
    }

    @Test
    void memoryThatIsExhaustedIsALimitForGood() throws Exception {
        TokenBudget budget = TokenBudget.of(archive(), true);
        budget.atMost(1_000);

        assertThat(budget.next()).isEqualTo(1_000);
        assertThat(budget.largest()).isEqualTo(1_000);
        budget.atMost(2_000);
        assertThat(budget.next()).isEqualTo(1_000);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "-1", "many", "99999999999999999999"})
    void whatIsNoSizeIsMeasuredAgain(String damaged) throws Exception {
        Files.writeString(folder.resolve("model.pt.cpu-tokens"), damaged);

        assertThat(TokenBudget.of(archive(), false).next()).isBetween(256, 2_048);
    }
}
