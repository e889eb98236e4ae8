package io.modelbatch.token;

/**
 * A text, or a window of it, as the model reads it, and where in the text each token stands. Positions count Unicode code points
 * from the beginning of the whole text, as Python counts characters; special tokens stand from 0 to 0.
 *
 * @param text the whole text
 * @param tokens the tokens
 * @param starts for each token the position of its first character
 * @param ends for each token the position behind its last character
 * @param special for each token whether it is one that the tokenizer put around the text
 */
public record TokenizedText(String text, TokenIds tokens, int[] starts, int[] ends, boolean[] special) {
    /** The characters of a token. */
    String characters(int token) {
        int from = text.offsetByCodePoints(0, starts[token]);
        return text.substring(from, text.offsetByCodePoints(from, ends[token] - starts[token]));
    }

    /** True when the character at a position, or the one before it, is a space. */
    boolean hasSpaceAround(int position) {
        int at = text.offsetByCodePoints(0, position);
        return text.charAt(at - 1) == ' ' || at < text.length() && text.charAt(at) == ' ';
    }
}
