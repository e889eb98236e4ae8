package io.modelbatch.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TokenBatcherTest {
    @Test
    void everyRowIsInOneBatchWithinTheBudget() {
        Random random = new Random(1);
        List<TokenIds> rows = IntStream.range(0, 2_000)
                .mapToObj(i -> row(1 + random.nextInt(128), i))
                .toList();
        List<TokenBatch> batches = new TokenBatcher(0).pack(rows, () -> 1_024);
        assertThat(batches).allMatch(batch -> batch.paddedTokens() <= 1_024);
        assertThat(batches.stream().flatMap(batch -> batch.indices().stream()).sorted())
                .containsExactlyElementsOf(IntStream.range(0, 2_000).boxed().toList());
        assertThat(batches)
                .allSatisfy(batch -> assertThat(batch.rows())
                        .isEqualTo(batch.indices().stream().map(rows::get).toList()));
        long padded = batches.stream().mapToLong(TokenBatch::paddedTokens).sum();
        long tokens = batches.stream().mapToLong(TokenBatch::tokens).sum();
        assertThat(tokens).isEqualTo(rows.stream().mapToLong(TokenIds::length).sum());
        assertThat((double) padded / tokens).isBetween(1.0, 1.06);
    }

    @Test
    void rowsOfOneLengthKeepTheirOrder() {
        List<TokenBatch> batches =
                new TokenBatcher(0).pack(List.of(row(2, 1), row(4, 2), row(2, 3), row(4, 4)), () -> 8);
        assertThat(batches.stream().map(TokenBatch::indices)).containsExactly(List.of(1, 3), List.of(0, 2));
    }

    @Test
    void aRowAboveTheBudgetIsABatchByItself() {
        List<TokenBatch> batches = new TokenBatcher(0).pack(List.of(row(9, 1), row(2, 2), row(2, 3)), () -> 4);
        assertThat(batches.stream().map(TokenBatch::indices)).containsExactly(List.of(0), List.of(1, 2));
        assertThat(new TokenBatcher(0).pack(List.of(), () -> 4)).isEmpty();
    }

    @Test
    void padsToTheLongestRow() {
        TokenBatch batch = new TokenBatcher(9)
                .pack(
                        List.of(
                                new TokenIds(new int[] {5}, new int[] {1}),
                                new TokenIds(new int[] {6, 7, 8}, new int[] {0, 1, 1})),
                        () -> 100)
                .get(0);
        assertThat(batch.ids()).containsExactly(6, 7, 8, 5, 9, 9);
        assertThat(batch.types()).containsExactly(0, 1, 1, 1, 0, 0);
        assertThat(batch.mask()).containsExactly(1, 1, 1, 1, 0, 0);
        assertThat(batch.width()).isEqualTo(3);
        assertThat(batch.halves().stream().map(TokenBatch::indices)).containsExactly(List.of(1), List.of(0));
        assertThat(batch.halves().get(1).ids()).containsExactly(5);
    }

    @Test
    void refusesWhatTheModelWouldAnswerWithNonsense() {
        assertThatThrownBy(() -> new TokenBatch(List.of(row(0, 0)), List.of(0), 0))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static TokenIds row(int length, int value) {
        int[] ids = new int[length];
        Arrays.fill(ids, value);
        return new TokenIds(ids, new int[length]);
    }
}
