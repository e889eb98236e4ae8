package io.modelbatch.warehouse;

import io.modelbatch.warehouse.SqlToken.Kind;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * One SELECT in GoogleSQL.
 *
 * @param sql without a {@code ;} at its end
 * @param parameters the names of {@code @name}, in order, each as often as it occurs
 */
public record QueryText(String sql, List<String> parameters) {
    // possessive: a group that may give back what it took recurses once for each comment
    private static final Pattern SELECT = Pattern.compile(
            "(?:[\\s(]|--[^\n\r]*+|#[^\n\r]*+|/\\*.*?\\*/)*+(?:select|with)\\b",
            Pattern.DOTALL | Pattern.CASE_INSENSITIVE);

    /**
     * Reads a query.
     *
     * @throws WarehouseException when it is not one SELECT
     */
    public static QueryText of(String query) {
        SqlTokens tokens = tokens(query);
        List<String> parameters = tokens.all().stream()
                .filter(token -> token.is(Kind.PARAMETER))
                .map(token -> token.text().substring(1))
                .toList();
        return new QueryText(tokens.query(), parameters);
    }

    /** The tokens of a query without a {@code ;} at its end. */
    public static SqlTokens tokens(String query) {
        String text = query.strip();
        requireSelect(text);
        SqlTokens tokens = SqlTokens.of(text);
        for (int i = 0; i < tokens.all().size(); i++) {
            if (tokens.all().get(i).is(";")) {
                refuseMore(tokens.all().subList(i, tokens.all().size()));
                return new SqlTokens(
                        text.substring(0, tokens.all().get(i).start()),
                        tokens.all().subList(0, i));
            }
        }
        return tokens;
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
                    + (parameters.isEmpty()
                            ? "the job has no parameters"
                            : "its parameters are @" + String.join(", @", parameters.keySet())));
        }
        return value;
    }

    private static void requireSelect(String text) {
        if (!SELECT.matcher(text).lookingAt()) {
            throw new WarehouseException(
                    "The query must be one SELECT, but it starts with '" + SqlTokens.excerpt(text, 0) + "'");
        }
    }

    private static void refuseMore(List<SqlToken> end) {
        if (!end.stream().allMatch(token -> token.is(Kind.BLANK) || token.is(";"))) {
            throw new WarehouseException("The query must be one SELECT, but it contains a ';'");
        }
    }
}
