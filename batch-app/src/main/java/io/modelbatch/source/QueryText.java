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
    private static final Pattern TOKEN = Pattern.compile(
            "'[^']*'|\"[^\"]*\"|`(?<name>[^`]*)`|--[^\n]*|#[^\n]*|/\\*.*?\\*/|@(?<parameter>[A-Za-z_][A-Za-z0-9_]*)|(?<end>;)",
            Pattern.DOTALL);
    private static final Pattern SELECT = Pattern.compile(
            "\\s*(?:(?:--[^\n]*\n|/\\*.*?\\*/)\\s*)*\\(?\\s*(select|with)\\b.*",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    static QueryText parse(String query) {
        String text = query.strip();
        if (text.endsWith(";")) {
            text = text.substring(0, text.length() - 1);
        }
        if (!SELECT.matcher(text).matches()) {
            throw new WarehouseException("The query must be one SELECT, and it starts with '"
                    + text.substring(0, Math.min(30, text.length())) + "'");
        }
        StringBuilder sql = new StringBuilder();
        List<String> parameters = new ArrayList<>();
        Matcher token = TOKEN.matcher(text);
        while (token.find()) {
            token.appendReplacement(sql, Matcher.quoteReplacement(replacement(token, parameters)));
        }
        return new QueryText(token.appendTail(sql).toString(), List.copyOf(parameters));
    }

    private static String replacement(Matcher token, List<String> parameters) {
        if (token.group("end") != null) {
            throw new WarehouseException("The query must be one SELECT, and it has a ';' inside");
        }
        if (token.group("parameter") != null) {
            parameters.add(token.group("parameter"));
            return "?";
        }
        if (token.group("name") != null) {
            return "\"" + token.group("name").replace(".", "\".\"") + "\"";
        }
        return token.group().startsWith("#") ? "--" + token.group().substring(1) : token.group();
    }
}
