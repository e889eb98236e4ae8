package io.modelbatch.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Help.Ansi;

/** Fits text to the width of a terminal. A word is never broken, so a path or an address can be copied. */
final class LineWrap {
    private LineWrap() {}

    /** Columns that a text takes: two for each Chinese, Japanese or Korean character. */
    static int columns(String text) {
        return Ansi.OFF.text(text).getCJKAdjustedLength();
    }

    /** The text's lines, wrapped at spaces. */
    static String text(String text, int width) {
        return text.lines().map(line -> line(line, width)).collect(Collectors.joining("\n"));
    }

    private static String line(String line, int width) {
        String words = line.stripLeading();
        String indent = line.substring(0, line.length() - words.length());
        return items(indent, List.of(words.split(" +")), " ", width);
    }

    /**
     * Puts items behind each other, and those that do not fit on further lines below the first one.
     *
     * @param head stands before the first item
     * @param items each kept in one piece where a line holds it, and else broken between its words; a wide one begins further left
     * @param gap separates items of a line
     */
    static String items(String head, List<String> items, String gap, int width) {
        List<String> lines = new ArrayList<>();
        String line = head;
        String before = "";
        for (String item : pieces(items, width)) {
            if (!line.isBlank() && columns(line) + columns(before) + columns(item) > width) {
                lines.add(line.stripTrailing());
                line = " ".repeat(Math.max(0, Math.min(columns(head), width - columns(item))));
                before = "";
            }
            line += before + item;
            before = gap;
        }
        lines.add(line.stripTrailing());
        return String.join("\n", lines);
    }

    private static List<String> pieces(List<String> items, int width) {
        return items.stream()
                .flatMap(item -> columns(item) > width ? Stream.of(item.split(" ")) : Stream.of(item))
                .toList();
    }
}
