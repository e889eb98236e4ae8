package io.modelbatch.base;

import java.util.regex.Pattern;

/** Texts of strangers' files, as messages may quote them. */
public final class PrintableText {
    private static final int LONGEST = 2_000;
    private static final int LONGEST_LINE = 60;
    /** Characters that move a terminal's cursor, end a line of the log, or turn the direction of writing. */
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    private PrintableText() {}

    /** A message of a file's making: control characters escaped, and of a very long one the beginning and the end. */
    public static String message(String text) {
        return shortened(
                UNPRINTABLE
                        .matcher(shortened(text, LONGEST))
                        .replaceAll(found -> "\\\\u%04x".formatted(found.group().codePointAt(0))),
                2 * LONGEST);
    }

    /** A text that somebody wrote in a file or a command, on one line and not too long for a message. */
    public static String line(String text) {
        String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE - 1) + "…";
    }

    /** A text, or the beginning and the end of a longer one. */
    public static String shortened(String text, int longest) {
        int half = longest / 2;
        return text.length() <= longest ? text : text.substring(0, half) + " … " + text.substring(text.length() - half);
    }
}
