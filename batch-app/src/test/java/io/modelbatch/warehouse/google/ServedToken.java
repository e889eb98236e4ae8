package io.modelbatch.warehouse.google;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A piece of GoogleSQL.
 *
 * @param text as it is written
 * @param at where it begins
 */
record ServedToken(Kind kind, String text, int at) {
    enum Kind {
        /** White space and comments. */
        BLANK("\\s+|(?:--|#)[^\\n]*|/\\*.*?\\*/"),
        STRING("[rR]?(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:[^\"\\\\\\n]|\\\\.)*\"|'(?:[^'\\\\\\n]|\\\\.)*')"),
        QUOTED("`[^`]*`"),
        PARAMETER("@\\w+"),
        NUMBER("\\d+(?:\\.\\d+)?(?:[eE][+-]?\\d+)?"),
        WORD("[\\p{L}_][\\p{L}\\p{N}_]*"),
        SYMBOL("<=|>=|<>|!=|\\|\\||.");

        private final String pattern;

        Kind(String pattern) {
            this.pattern = pattern;
        }
    }

    private static final Pattern ANY = pattern();

    private static Pattern pattern() {
        List<String> kinds = new ArrayList<>();
        for (Kind kind : Kind.values()) {
            kinds.add("(?<" + kind.name() + ">" + kind.pattern + ")");
        }
        return Pattern.compile(String.join("|", kinds), Pattern.DOTALL);
    }

    static List<ServedToken> of(String sql) {
        List<ServedToken> tokens = new ArrayList<>();
        for (Matcher found = ANY.matcher(sql); found.find(); ) {
            for (Kind kind : Kind.values()) {
                if (found.group(kind.name()) != null) {
                    tokens.add(new ServedToken(kind, found.group(), found.start()));
                    break;
                }
            }
        }
        return tokens;
    }

    boolean is(String word) {
        return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
    }

    /** The text that a string literal means. */
    String string() {
        boolean raw = Character.toLowerCase(text.charAt(0)) == 'r';
        String quoted = raw ? text.substring(1) : text;
        int quotes = quoted.length() >= 6 && (quoted.startsWith("'''") || quoted.startsWith("\"\"\"")) ? 3 : 1;
        String inside = quoted.substring(quotes, quoted.length() - quotes);
        return raw ? inside : inside.translateEscapes();
    }
}
