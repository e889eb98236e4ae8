package io.modelbatch.source;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One SELECT, ready for who runs it. Strings, quoted names and comments stay as they are.
 *
 * @param sql without a {@code ;} at its end
 * @param parameters the names of {@code @name}, in order, each as often as it occurs
 */
public record QueryText(String sql, List<String> parameters) {
    private static final String COMMENT = "--[^\n\r]*+|#[^\n\r]*+|/\\*.*?\\*/";
    private static final Pattern NOTHING = Pattern.compile("(?:\\s|;|" + COMMENT + ")*+", Pattern.DOTALL);
    // possessive: a group that may give back what it took recurses once for each comment
    private static final Pattern SELECT = Pattern.compile(
            "(?:[\\s(]|" + COMMENT + ")*+(?:select|with)\\b.*", Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    /** How strings are written, and what becomes of the rest. */
    private enum Dialect {
        /** Standard SQL for JDBC: {@code ?} for parameters, double quotes for the names that BigQuery writes in backquotes. */
        JDBC("'[^']*'|\"[^\"]*\""),
        /** GoogleSQL: backslashes in strings, and strings in three quotes. */
        GOOGLE("'''(?:[^'\\\\]++|\\\\.|'(?!''))*+'''|\"\"\"(?:[^\"\\\\]++|\\\\.|\"(?!\"\"))*+\"\"\""
                + "|'(?:[^'\\\\]++|\\\\.)*+'|\"(?:[^\"\\\\]++|\\\\.)*+\"");

        private final Pattern token;

        Dialect(String strings) {
            token = Pattern.compile(
                    strings + "|`(?<name>[^`]*)`|" + COMMENT
                            + "|@(?<parameter>[A-Za-z_][A-Za-z0-9_]*)|(?<end>;)|(?<open>['\"`]|/\\*)",
                    Pattern.DOTALL);
        }
    }

    /** For JDBC: with {@code ?} in the place of each {@code @name}. */
    static QueryText parse(String query) {
        return parse(query, Dialect.JDBC);
    }

    /**
     * As BigQuery takes it, which knows {@code @name} itself.
     *
     * @throws WarehouseException when it is not one SELECT
     */
    public static QueryText google(String query) {
        return parse(query, Dialect.GOOGLE);
    }

    /**
     * The value of a parameter.
     *
     * @throws WarehouseException when there is none of that name
     */
    public static Object value(String name, Map<String, Object> parameters) {
        Object value = parameters.get(name);
        if (value == null) {
            throw new WarehouseException("The query uses @" + name + ", which is not a parameter of the job; "
                    + (parameters.isEmpty() ? "it has none" : "there is @" + String.join(", @", parameters.keySet())));
        }
        return value;
    }

    private static QueryText parse(String query, Dialect dialect) {
        String text = query.strip();
        if (!SELECT.matcher(text).matches()) {
            throw new WarehouseException("The query must be one SELECT, and it starts with '" + excerpt(text, 0) + "'");
        }
        StringBuilder sql = new StringBuilder();
        List<String> parameters = new ArrayList<>();
        Matcher token = dialect.token.matcher(text);
        while (token.find()) {
            if (token.group("end") != null) {
                refuseMore(text, token.start());
                token.appendReplacement(sql, "");
                return new QueryText(sql.toString(), List.copyOf(parameters));
            }
            refuseUnclosed(text, token);
            if (token.group("parameter") != null) {
                parameters.add(token.group("parameter"));
            }
            String kept = dialect == Dialect.JDBC ? forJdbc(token) : token.group();
            token.appendReplacement(sql, Matcher.quoteReplacement(kept));
        }
        return new QueryText(token.appendTail(sql).toString(), List.copyOf(parameters));
    }

    private static void refuseMore(String text, int end) {
        if (!NOTHING.matcher(text).region(end, text.length()).matches()) {
            throw new WarehouseException("The query must be one SELECT, and it has a ';' inside");
        }
    }

    private static void refuseUnclosed(String text, Matcher token) {
        if (token.group("open") != null) {
            throw new WarehouseException("The query opens a " + token.group("open") + " that it never closes, in '"
                    + excerpt(text, token.start()) + "'");
        }
    }

    private static String excerpt(String text, int start) {
        return text.substring(start, Math.min(start + 30, text.length()));
    }

    private static String forJdbc(Matcher token) {
        if (token.group("parameter") != null) {
            return "?";
        }
        if (token.group("name") != null) {
            return "\"" + token.group("name").replace("\"", "\"\"").replace(".", "\".\"") + "\"";
        }
        return token.group().startsWith("#") ? "--" + token.group().substring(1) : token.group();
    }
}
