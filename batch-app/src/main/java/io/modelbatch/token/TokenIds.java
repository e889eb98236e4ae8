package io.modelbatch.token;

/**
 * One text, or pair of texts, as the model reads it: special tokens included, truncated, not padded.
 *
 * @param ids token ids
 * @param types token types, as many as ids
 * @param truncated whether the text had more tokens than these
 */
public record TokenIds(int[] ids, int[] types, boolean truncated) {
    /** A whole text. */
    public TokenIds(int[] ids, int[] types) {
        this(ids, types, false);
    }

    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
