package io.modelbatch.warehouse.local;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A literal of GoogleSQL: {@code 'text'}, {@code "text"}, either in three quotation marks, raw with {@code r}, bytes with {@code b}.
 *
 * @param bytes true if it is a literal of bytes
 * @param value its text; of bytes one character for each
 */
record SqlLiteral(boolean bytes, String value) {
    private static final Pattern ESCAPE = Pattern.compile(
            "\\\\(?:([0-7]{3})|[xX]([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", Pattern.DOTALL);
    private static final String LETTERS = "abfnrtv\\?\"'`";
    private static final String MEANINGS = "\u0007\b\f\n\r\t\u000B\\?\"'`";

    /**
     * Reads a literal.
     *
     * @throws IllegalArgumentException for an escape that GoogleSQL does not know
     */
    static SqlLiteral of(String written) {
        int start = 0;
        while ("rRbB".indexOf(written.charAt(start)) >= 0) {
            start++;
        }
        String prefix = written.substring(0, start).toLowerCase(Locale.ROOT);
        String quoted = written.substring(start);
        int marks = quoted.length() >= 6 && (quoted.startsWith("'''") || quoted.startsWith("\"\"\"")) ? 3 : 1;
        String inside = quoted.substring(marks, quoted.length() - marks);
        boolean bytes = prefix.contains("b");
        String raw = bytes ? new String(inside.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1) : inside;
        return new SqlLiteral(bytes, prefix.contains("r") ? raw : unescaped(raw));
    }

    /** The text with its escapes replaced. */
    static String unescaped(String text) {
        Matcher escape = ESCAPE.matcher(text);
        StringBuilder value = new StringBuilder();
        while (escape.find()) {
            escape.appendReplacement(value, "");
            value.appendCodePoint(meaning(escape));
        }
        return escape.appendTail(value).toString();
    }

    private static int meaning(Matcher escape) {
        if (escape.group(1) != null) {
            return Integer.parseInt(escape.group(1), 8);
        }
        for (int group = 2; group <= 4; group++) {
            if (escape.group(group) != null) {
                int character = Integer.parseUnsignedInt(escape.group(group), 16);
                if (!Character.isValidCodePoint(character)
                        || character <= Character.MAX_SURROGATE && character >= Character.MIN_SURROGATE) {
                    throw new IllegalArgumentException(escape.group() + " is not a character");
                }
                return character;
            }
        }
        int letter = LETTERS.indexOf(escape.group(5));
        if (letter < 0) {
            throw new IllegalArgumentException(escape.group()
                    + " is not an escape; write a backslash as \\\\, or the text as r'…', which has no escapes");
        }
        return MEANINGS.charAt(letter);
    }

    /** As DuckDB writes it. */
    String duckDb() {
        if (bytes) {
            return "unhex('" + HexFormat.of().formatHex(value.getBytes(StandardCharsets.ISO_8859_1)) + "')";
        }
        return DuckDb.literal(value);
    }
}
