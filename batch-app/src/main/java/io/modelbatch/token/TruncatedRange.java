package io.modelbatch.token;

import io.modelbatch.token.TokenizerSettings.Side;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of a text's tokens that truncation, or a window, keeps.
 *
 * @param from the first
 * @param to behind the last
 */
record TruncatedRange(int from, int to) {
    int length() {
        return to - from;
    }

    /** So many tokens of a text, or all when there are not as many; the side is the one that loses tokens. */
    static TruncatedRange keep(int room, int tokens, Side side) {
        int kept = Math.min(room, tokens);
        return side == Side.RIGHT ? new TruncatedRange(0, kept) : new TruncatedRange(tokens - kept, tokens);
    }

    /**
     * The tokens of each text of a pair that truncation keeps, as Hugging Face's {@code longest_first} has it: the shorter text stays whole
     * where it takes less than half of the room; otherwise each gets half, and the longer one the odd token.
     */
    static List<TruncatedRange> keep(int room, int first, int second, Side side) {
        if (first + second <= room) {
            return List.of(new TruncatedRange(0, first), new TruncatedRange(0, second));
        }
        int shorter = Math.min(Math.min(first, second), room / 2);
        int longer = room - shorter;
        return first <= second
                ? List.of(keep(shorter, first, side), keep(longer, second, side))
                : List.of(keep(longer, first, side), keep(shorter, second, side));
    }

    /** Windows over all tokens, each but the last full; the side is the one on which the last one stands. */
    static List<TruncatedRange> windows(int room, int tokens, int overlap, Side side) {
        List<TruncatedRange> windows = new ArrayList<>();
        for (int done = 0; ; done += room - overlap) {
            int end = Math.min(done + room, tokens);
            windows.add(
                    side == Side.RIGHT
                            ? new TruncatedRange(done, end)
                            : new TruncatedRange(tokens - end, tokens - done));
            if (end == tokens) {
                return windows;
            }
        }
    }
}
