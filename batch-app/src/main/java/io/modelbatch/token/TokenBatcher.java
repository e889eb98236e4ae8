package io.modelbatch.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;

/**
 * Packs a block's rows into batches of rows of similar length.
 *
 * @param padId the id that fills rows up
 */
public record TokenBatcher(int padId) {
    /**
     * All rows that have tokens, each in one batch; the longest come first, so that memory runs out early if it does.
     *
     * @param tokenBudget the most that the next batch may cost, rows times longest row, at least 1; a longer row is a batch by itself
     */
    public List<TokenBatch> pack(List<TokenIds> rows, IntSupplier tokenBudget) {
        List<Integer> byLength = IntStream.range(0, rows.size())
                .boxed()
                .filter(row -> rows.get(row).length() > 0)
                .sorted(Comparator.comparingInt((Integer row) -> rows.get(row).length())
                        .reversed())
                .toList();
        List<TokenBatch> batches = new ArrayList<>();
        for (int from = 0; from < byLength.size(); ) {
            int longest = rows.get(byLength.get(from)).length();
            int count = Math.max(1, tokenBudget.getAsInt() / longest);
            int to = Math.min(byLength.size(), from + count);
            List<Integer> indices = byLength.subList(from, to);
            batches.add(new TokenBatch(indices.stream().map(rows::get).toList(), indices, padId));
            from = to;
        }
        return batches;
    }
}
