package io.modelbatch.jobspec;

/** Quotes a user's text for messages. */
final class Texts {
    private static final int LONGEST = 60;

    private Texts() {}

    /** A text on one line, and not too long for a message. */
    static String shorten(String text) {
        String line = text.strip().replaceAll("[\\s\\p{Cntrl}]+", " ");
        return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
    }
}
