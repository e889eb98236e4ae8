package io.modelbatch.token;

/**
 * One text, or pair of texts, as the model reads it: special tokens included, truncated, not padded.
 *
 * @param ids token ids
 * @param types token types, as many as ids
 */
public record TokenIds(int[] ids, int[] types) {
    /** Number of tokens. */
    public int length() {
        return ids.length;
    }
}
