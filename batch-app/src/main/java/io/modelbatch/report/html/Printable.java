package io.modelbatch.report.html;

/**
 * Texts of data as a page shows them. Control characters, characters that turn the direction of a text or are invisible, and halves of
 * surrogate pairs are made visible: a label cannot look like another one.
 */
final class Printable {
    private static final int LONGEST = 2000;
    private static final int CONTROL_PICTURES = 0x2400;

    private Printable() {}

    /** The text. */
    static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(c -> append(shown, c));
        return shown.toString();
    }

    /** The text; the rest of a long one is replaced by its length. */
    static String brief(String text) {
        int length = text.codePointCount(0, text.length());
        return length <= LONGEST
                ? of(text)
                : of(text.substring(0, text.offsetByCodePoints(0, LONGEST))) + "… (" + Amount.count(length)
                        + " characters)";
    }

    private static void append(StringBuilder shown, int c) {
        if (c == '\n' || c == '\t') {
            shown.appendCodePoint(c);
        } else if (c < ' ') {
            shown.appendCodePoint(CONTROL_PICTURES + c);
        } else if (isHidden(c)) {
            shown.append("⟨U+%04X⟩".formatted(c)); // a half of a pair cannot be encoded at all
        } else {
            shown.appendCodePoint(c);
        }
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> true;
            // A joiner is part of emoji and of Indic and Persian words.
            case Character.FORMAT -> c != 0x200C && c != 0x200D;
            default -> false;
        };
    }
}
