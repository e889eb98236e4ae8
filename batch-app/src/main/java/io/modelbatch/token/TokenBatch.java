package io.modelbatch.token;

import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/**
 * Rows that one forward pass answers. Its arrays are row-major, {@code rows × width}, a new copy for each call.
 *
 * @param rows the rows' tokens, longest first; none is empty
 * @param indices for each row its number in the block
 * @param padId the id that fills rows up to the width
 */
public record TokenBatch(List<TokenIds> rows, List<Integer> indices, int padId) {
    /** Refuses a batch without rows, and rows that the model would answer with NaN. */
    public TokenBatch {
        if (rows.isEmpty() || rows.size() != indices.size()) {
            throw new IllegalArgumentException(rows.size() + " rows, " + indices.size() + " indices");
        }
        if (rows.stream().anyMatch(row -> row.length() == 0)) {
            throw new IllegalArgumentException("A row without tokens");
        }
    }

    /** Tokens of the longest row. */
    public int width() {
        return rows.stream().mapToInt(TokenIds::length).max().orElseThrow();
    }

    /** The cost of a pass: rows times width. */
    public long paddedTokens() {
        return (long) rows.size() * width();
    }

    /** Tokens without padding. */
    public long tokens() {
        return rows.stream().mapToLong(TokenIds::length).sum();
    }

    /** Token ids. */
    public long[] ids() {
        return padded(TokenIds::ids, padId);
    }

    /** Token types, 0 on padding. */
    public long[] types() {
        return padded(TokenIds::types, 0);
    }

    /** 1 on tokens, 0 on padding. */
    public long[] mask() {
        return padded(row -> ones(row.length()), 0);
    }

    /** The first and the second half of two or more rows. */
    public List<TokenBatch> halves() {
        int middle = rows.size() / 2;
        return List.of(part(0, middle), part(middle, rows.size()));
    }

    private TokenBatch part(int from, int to) {
        return new TokenBatch(rows.subList(from, to), indices.subList(from, to), padId);
    }

    private long[] padded(Function<TokenIds, int[]> values, int padding) {
        int width = width();
        long[] all = new long[Math.toIntExact(paddedTokens())];
        for (int row = 0; row < rows.size(); row++) {
            int[] own = values.apply(rows.get(row));
            for (int i = 0; i < width; i++) {
                all[row * width + i] = i < own.length ? own[i] : padding;
            }
        }
        return all;
    }

    private static int[] ones(int length) {
        int[] ones = new int[length];
        Arrays.fill(ones, 1);
        return ones;
    }
}
