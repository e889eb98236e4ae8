package io.modelbatch.source;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A query with {@code ?} in the place of each {@code @name}. Strings, quoted names and comments stay as they are; names in
 * backquotes, as BigQuery writes them, become names in double quotes.
 *
 * @param sql what JDBC prepares
 * @param parameters the name behind each {@code ?}, in order
 */
record QueryText(String sql, List<String> parameters) {
    private static final String COMMENT = "--[^\n\r]*+|#[^\n\r]*+|/\\*.*?\\*/";
    private static final Pattern TOKEN = Pattern.compile(
            "'[^']*'|\"[^\"]*\"|`(?<name>[^`]*)`|" + COMMENT
                    + "|@(?<parameter>[A-Za-z_][A-Za-z0-9_]*)|(?<end>;)|(?<open>['\"`]|/\\*)",
            Pattern.DOTALL);
    private static final Pattern NOTHING = Pattern.compile("(?:\\s|;|" + COMMENT + ")*+", Pattern.DOTALL);
    // possessive: a group that may give back what it took recurses once for each comment
    private static final Pattern SELECT = Pattern.compile(
            "(?:[\\s(]|" + COMMENT + ")*+(?:select|with)\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    static QueryText parse(String query) {
        String text = query.strip();
        if (!SELECT.matcher(text).matches()) {
            throw new WarehouseException("The query must be one SELECT, and it starts with '" + excerpt(text, 0) + "'");
        }
        StringBuilder sql = new StringBuilder();
        List<String> parameters = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            if (token.group("end") != null) {
                refuseMore(text, token.start());
                token.appendReplacement(sql, "");
                return new QueryText(sql.toString(), List.copyOf(parameters));
            }
            token.appendReplacement(sql, Matcher.quoteReplacement(replacement(text, token, parameters)));
        }
        return new QueryText(token.appendTail(sql).toString(), List.copyOf(parameters));
    }

    private static void refuseMore(String text, int end) {
        if (!NOTHING.matcher(text).region(end, text.length()).matches()) {
            throw new WarehouseException("The query must be one SELECT, and it has a ';' inside");
        }
    }

    private static String excerpt(String text, int start) {
        return text.substring(start, Math.min(start + 30, text.length()));
    }

    private static String replacement(String text, Matcher token, List<String> parameters) {
        if (token.group("open") != null) {
            throw new WarehouseException("The query opens a " + token.group("open") + " that it never closes, in '"
                    + excerpt(text, token.start()) + "'");
        }
        if (token.group("parameter") != null) {
            parameters.add(token.group("parameter"));
            return "?";
        }
        if (token.group("name") != null) {
            return "\"" + token.group("name").replace("\"", "\"\"").replace(".", "\".\"") + "\"";
        }
        return token.group().startsWith("#") ? "--" + token.group().substring(1) : token.group();
    }
}
