package io.modelbatch.warehouse;

/**
 * A token of GoogleSQL.
 *
 * @param text as the query writes it
 * @param start where it begins in the query
 */
public record SqlToken(Kind kind, String text, int start) {
    public enum Kind {
        /** White space and comments. */
        BLANK,
        /** A text or bytes, in any of the quotes. */
        LITERAL,
        /** A name in backquotes. */
        QUOTED,
        /** {@code @name}. */
        PARAMETER,
        NUMBER,
        /** A keyword, or a name without quotes. */
        WORD,
        SYMBOL
    }

    /** True if it is this keyword or symbol. */
    public boolean is(String word) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
    }

    public boolean is(Kind other) {
        return kind == other;
    }
}
