package io.modelbatch.token;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Packs a block's rows into batches of rows of similar length.
 *
 * @param tokenBudget the most that a batch may cost, rows times longest row; a longer row is a batch by itself
 * @param padId the id that fills rows up
 */
public record TokenBatcher(int tokenBudget, int padId) {
    /** Refuses a budget that holds nothing. */
    public TokenBatcher {
        if (tokenBudget < 1) {
            throw new IllegalArgumentException("A batch of " + tokenBudget + " tokens");
        }
    }

    /** The same, with batches that cost no more than that. */
    public TokenBatcher atMost(long tokens) {
        return tokens < tokenBudget ? new TokenBatcher((int) Math.max(1, tokens), padId) : this;
    }

    /**
     * All rows that have tokens, each in one batch; the longest come first, so that memory runs out early if it does.
     */
    public List<TokenBatch> pack(List<TokenIds> rows) {
        List<Integer> byLength = IntStream.range(0, rows.size())
                .boxed()
                .filter(row -> rows.get(row).length() > 0)
                .sorted(Comparator.comparingInt((Integer row) -> rows.get(row).length())
                        .reversed())
                .toList();
        List<TokenBatch> batches = new ArrayList<>();
        for (int from = 0; from < byLength.size(); ) {
            int longest = rows.get(byLength.get(from)).length();
            int count = Math.max(1, tokenBudget / longest);
            int to = Math.min(byLength.size(), from + count);
            List<Integer> indices = byLength.subList(from, to);
            batches.add(new TokenBatch(indices.stream().map(rows::get).toList(), indices, padId));
            from = to;
        }
        return batches;
    }
}
