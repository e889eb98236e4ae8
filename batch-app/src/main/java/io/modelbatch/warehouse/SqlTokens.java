package io.modelbatch.warehouse;

import io.modelbatch.warehouse.SqlToken.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The lexical structure of GoogleSQL, which both environments read.
 *
 * @param query the query's text
 * @param all its tokens, which make up the whole text
 */
public record SqlTokens(String query, List<SqlToken> all) {
    // Possessive throughout: a group that may give back what it took recurses once for each repetition.
    private static final Pattern TOKEN = Pattern.compile(
            "(?<blank>\\s++|--[^\n\r]*+|#[^\n\r]*+|/\\*.*?\\*/)"
                    + "|(?<literal>(?:(?i:rb|br|r|b)(?=['\"]))?+(?:"
                    + "'''(?:[^'\\\\]++|\\\\.|'(?!''))*+'''|\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+\"\"\""
                    + "|(?!'''|\"\"\")(?:'(?:[^'\\\\\n\r]++|\\\\.)*+'|\"(?:[^\"\\\\\n\r]++|\\\\.)*+\")))"
                    + "|(?<quoted>`(?:[^`\\\\]++|\\\\.)*+`)"
                    + "|(?<open>'''|\"\"\"|['\"`]|/\\*)"
                    + "|(?<parameter>@[A-Za-z_][A-Za-z0-9_]*+)"
                    + "|(?<number>0[xX][0-9A-Fa-f]++|(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][-+]?[0-9]++)?+)"
                    + "|(?<word>[\\p{L}_][\\p{L}\\p{N}_]*+)"
                    + "|(?<symbol><=|>=|<>|!=|==|<<|>>|\\|\\||::|->>?|=>|\\*\\*|//|.)",
            Pattern.DOTALL);
    private static final int EXCERPT = 30;

    /**
     * Reads a query.
     *
     * @throws WarehouseException when a quotation mark or a comment is never closed
     */
    public static SqlTokens of(String query) {
        List<SqlToken> all = new ArrayList<>();
        Matcher token = TOKEN.matcher(query);
        while (token.find()) {
            if (token.group("open") != null) {
                throw unclosed(query, token);
            }
            all.add(new SqlToken(kind(token), token.group(), token.start()));
        }
        return new SqlTokens(query, List.copyOf(all));
    }

    private static Kind kind(Matcher token) {
        return token.group("blank") != null
                ? Kind.BLANK
                : token.group("literal") != null
                        ? Kind.LITERAL
                        : token.group("quoted") != null
                                ? Kind.QUOTED
                                : token.group("parameter") != null
                                        ? Kind.PARAMETER
                                        : token.group("number") != null
                                                ? Kind.NUMBER
                                                : token.group("word") != null ? Kind.WORD : Kind.SYMBOL;
    }

    private static WarehouseException unclosed(String query, Matcher token) {
        String open = token.group("open");
        int line = query.indexOf('\n', token.start());
        boolean closedLater = open.length() == 1 && line >= 0 && query.indexOf(open, line) >= 0;
        return new WarehouseException("The query opens a " + open + " that it never closes"
                + (closedLater ? " in its line" : "") + ", in '" + excerpt(query, token.start()) + "' at "
                + position(query, token.start())
                + (closedLater ? ". Write a text of several lines in three quotation marks: '''…'''" : ""));
    }

    public static String excerpt(String query, int start) {
        return query.substring(start, Math.min(start + EXCERPT, query.length()));
    }

    /** Where a token stands, for a person. */
    public String position(SqlToken token) {
        return position(query, token.start());
    }

    private static String position(String query, int start) {
        long line = query.substring(0, start).chars().filter(c -> c == '\n').count() + 1;
        int lineStart = query.lastIndexOf('\n', start - 1) + 1;
        return "line " + line + ", column " + (query.codePointCount(lineStart, start) + 1) + " of the query";
    }
}
