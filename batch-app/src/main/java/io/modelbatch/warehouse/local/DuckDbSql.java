package io.modelbatch.warehouse.local;

import io.modelbatch.warehouse.SqlToken;
import io.modelbatch.warehouse.SqlToken.Kind;
import io.modelbatch.warehouse.SqlTokens;
import io.modelbatch.warehouse.WarehouseException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Translates a query, token by token, from GoogleSQL to the SQL of DuckDB. What would mean something else there, or is DuckDB's alone,
 * is refused with its position. {@link DuckDbTree} then gives operators and casts their meaning.
 */
final class DuckDbSql {
    /** Begins the names of macros that a query cannot call. */
    static final String OWN = "modelbatch_";

    /** Open parentheses. */
    private static final int DEEPEST = 250;

    private static final SqlToken NONE = new SqlToken(Kind.BLANK, "", 0);

    private final SqlTokens tokens;
    private final List<SqlToken> all;
    private final StringBuilder out = new StringBuilder();
    private final Deque<Parenthesis> open = new ArrayDeque<>();
    /** Tokens before which the parenthesis around the number of an interval is closed. */
    private final Set<Integer> unitsOfIntervals = new HashSet<>();

    private int next;
    private int unnested;

    /** An open parenthesis. */
    private static final class Parenthesis {
        private final String function;
        private final String close;
        private boolean from;

        Parenthesis(String function, String close) {
            this.function = function;
            this.close = close;
        }

        boolean is(String name) {
            return function.equals(name);
        }
    }

    private DuckDbSql(SqlTokens tokens) {
        this.tokens = tokens;
        this.all = tokens.all().stream().filter(token -> !token.is(Kind.BLANK)).toList();
    }

    /**
     * Translates.
     *
     * @throws WarehouseException for a construct that would not give the same rows in both environments
     */
    static String of(SqlTokens tokens) {
        DuckDbSql translation = new DuckDbSql(tokens);
        translation.open.push(new Parenthesis("", ""));
        while (translation.next < translation.all.size()) {
            translation.translate(translation.all.get(translation.next++));
        }
        return translation.out.toString().strip();
    }

    private void translate(SqlToken token) {
        if (unitsOfIntervals.contains(next - 1)) {
            out.append(')');
        }
        switch (token.kind()) {
            case LITERAL -> literal(token);
            case QUOTED -> write(quoted(token));
            case PARAMETER -> write("?");
            case NUMBER -> number(token);
            case WORD -> word(token);
            case SYMBOL -> symbol(token);
            case BLANK -> throw new IllegalStateException("blanks are left out");
        }
    }

    private void write(String text) {
        out.append(out.isEmpty() ? "" : " ").append(text);
    }

    /** A token near the current one: -1 is the one before it, 1 the one after it. */
    private SqlToken near(int distance) {
        int index = next - 1 + distance;
        return index >= 0 && index < all.size() ? all.get(index) : NONE;
    }

    private WarehouseException refused(SqlToken token, String why) {
        return new WarehouseException(
                "The query cannot run in both environments: " + why + " (" + tokens.position(token) + ")");
    }

    private void literal(SqlToken token) {
        SqlToken before = near(-1);
        if (before.is(Kind.LITERAL)) {
            throw refused(
                    token,
                    token.text() + " follows another text; a quotation mark inside a text is written \\' or \\\"");
        }
        if (before.is("AS")) {
            throw refused(token, token.text() + " is a text, not a name; write a name as " + asName(token));
        }
        if (isTable()) {
            throw refused(token, token.text() + " is a text, not a table; write a name as " + asName(token));
        }
        if (before.is(Kind.WORD) && !SqlKeywords.BEFORE_A_TEXT.contains(upper(before))) {
            throw refused(token, token.text() + " is a text, and none can follow " + before.text());
        }
        SqlLiteral literal = literalOf(token);
        write(
                open.element().function.matches("(FORMAT|PARSE)_.*") && near(-1).is("(")
                        ? DuckDb.literal(pattern(token, literal.value()))
                        : literal.duckDb());
    }

    private static String asName(SqlToken text) {
        return "`" + text.text().replaceAll("^\\w*['\"]+|['\"]+$", "") + "`";
    }

    private SqlLiteral literalOf(SqlToken token) {
        try {
            SqlLiteral literal = SqlLiteral.of(token.text());
            if (!literal.bytes() && literal.value().indexOf('\0') >= 0) {
                throw refused(token, "a text has the character 0, which DuckDB does not support");
            }
            return literal;
        } catch (IllegalArgumentException e) {
            throw refused(token, String.valueOf(e.getMessage()));
        }
    }

    /** A pattern of a day or time whose letters mean the same. */
    private String pattern(SqlToken token, String pattern) {
        if (!pattern.matches("(?:[^%]|%[YmdHMSyjaAbBFT%])*+")) {
            throw refused(
                    token,
                    "the pattern " + token.text()
                            + " has letters that differ; %Y %m %d %H %M %S %y %j %a %A %b %B %F %T" + " do not");
        }
        return pattern.replace("%F", "%Y-%m-%d").replace("%T", "%H:%M:%S");
    }

    /** True if the current token stands where a query names a table. */
    private boolean isTable() {
        SqlToken before = near(-1);
        return before.is("FROM") && !near(-2).is("DISTINCT")
                || before.is("JOIN")
                || before.is(",") && open.element().from;
    }

    /** One pair of backquotes may be around the whole path of a table. */
    private String quoted(SqlToken token) {
        try {
            String name = DuckDb.name(
                    SqlLiteral.unescaped(token.text().substring(1, token.text().length() - 1)));
            return isTable() ? name.replace(".", "\".\"") : name;
        } catch (IllegalArgumentException e) {
            throw refused(token, String.valueOf(e.getMessage()));
        }
    }

    private void number(SqlToken token) {
        String text = token.text();
        SqlToken after = near(1);
        if (after.is(Kind.WORD) && after.start() == token.start() + text.length()) {
            throw refused(token, text + after.text() + " is not a number");
        }
        try {
            if (text.matches("0[xX].*")) {
                write(String.valueOf(Long.parseLong(text.substring(2), 16)));
            } else if (text.matches("[0-9]+")) {
                write(String.valueOf(Long.parseLong(text)));
            } else if (Double.isInfinite(Double.parseDouble(text))) {
                throw new NumberFormatException();
            } else { // without an exponent DuckDB would compute with decimals
                write(text.matches(".*[eE].*") ? text : text + "e0");
            }
        } catch (NumberFormatException e) {
            throw refused(token, text + " is too large a number");
        }
    }

    private void symbol(SqlToken token) {
        switch (token.text()) {
            case "(" -> {
                if (open.size() > DEEPEST) {
                    throw refused(token, "more than " + DEEPEST + " parentheses are open");
                }
                open.push(new Parenthesis("", ")"));
                write("(");
            }
            case ")" -> close(token);
            case "." -> out.append('.');
            case "[", "]", ",", "+", "-", "*", "/", "<", ">", "<=", ">=", "<>", "!=", "=", "||" -> write(token.text());
            case "::" -> throw refused(token, "'::' is DuckDB's; write CAST(… AS …)");
            case "|", "&", "^", "~", "<<", ">>" ->
                throw refused(token, "'" + token.text() + "' binds differently in DuckDB");
            default -> throw refused(token, "'" + token.text() + "' is not GoogleSQL");
        }
    }

    private void close(SqlToken token) {
        if (open.size() == 1) {
            write(token.text());
            return;
        }
        Parenthesis closed = open.pop();
        write(closed.close);
        if (closed.is("UNNEST")) {
            nameUnnested(token);
        }
    }

    /** DuckDB would call the column "unnest", and its row by the alias. */
    private void nameUnnested(SqlToken token) {
        if (near(1).is("AS")) {
            next++;
        }
        SqlToken name = near(1);
        if (!name.is(Kind.QUOTED) && (!name.is(Kind.WORD) || SqlKeywords.isKeyword(upper(name)))) {
            throw refused(token, "the values of an UNNEST need a name: UNNEST(…) AS x");
        }
        next++;
        if (near(1).is("WITH")) {
            throw refused(near(1), "WITH OFFSET of an UNNEST is not translated");
        }
        write("AS modelbatch_unnest_" + unnested++ + "("
                + (name.is(Kind.QUOTED) ? quoted(name) : DuckDb.name(name.text())) + ")");
    }

    private static String upper(SqlToken token) {
        return token.text().toUpperCase(Locale.ROOT);
    }

    private void word(SqlToken token) {
        String word = upper(token);
        if (!token.text().chars().allMatch(c -> c < 128)) {
            throw refused(token, "the name " + token.text() + " needs backquotes: `" + token.text() + "`");
        }
        if (near(-1).is(".")) {
            field(token);
        } else if (word.equals("SAFE") && near(1).is(".") && near(3).is("(")) {
            next += 2;
            SqlToken name = near(0);
            call(name, SqlFunctions.safe(name.text()), "SAFE." + upper(name));
        } else {
            SqlKeywords.refusal(word, near(-1), near(1)).ifPresent(why -> {
                throw refused(token, why);
            });
            if (near(1).is("(") && SqlKeywords.isFunction(word, near(-1))) {
                call(token, SqlFunctions.duckDb(word), word);
            } else {
                keyword(token, word);
            }
        }
    }

    private void field(SqlToken token) {
        if (near(1).is("(")) {
            throw refused(token, "the function ." + token.text() + " may not mean the same in DuckDB");
        }
        out.append(DuckDb.name(token.text()));
    }

    private void call(SqlToken token, Optional<String> duckDb, String name) {
        next++; // its parenthesis
        switch (name) {
            case "CAST" -> open("CAST", "CAST(", ")");
            case "SAFE_CAST" -> open("CAST", "TRY_CAST(", ")");
            case "EXTRACT" -> extract();
            case "UNNEST" -> unnest(token);
            case "ARRAY" -> open("", "ARRAY(", ")");
            case "OFFSET", "ORDINAL", "SAFE_OFFSET", "SAFE_ORDINAL" ->
                open("", OWN + name.toLowerCase(Locale.ROOT) + "(", ")");
            case "CONCAT", "GREATEST", "LEAST" -> open("", "google_" + name.toLowerCase(Locale.ROOT) + "([", "])");
            case "REGEXP_EXTRACT" -> open(name, "google_regexp_extract" + (hasGroup(token) ? "_group(" : "("), ")");
            default ->
                open(name, duckDb.orElseThrow(() -> refused(token, SqlKeywords.unknownFunction(name))) + "(", ")");
        }
        if (name.matches("(FORMAT|PARSE)_.*") && !near(1).is(Kind.LITERAL)) {
            throw refused(token, "the pattern of " + name + " must be a text");
        }
    }

    private void open(String function, String text, String close) {
        open.push(new Parenthesis(function, close));
        write(text);
    }

    private void extract() {
        SqlToken part = near(1);
        if (!near(2).is("FROM")) {
            throw refused(part, "EXTRACT takes a part and FROM");
        }
        next += 2;
        switch (upper(part)) {
            case "DATE" -> open("EXTRACT", "google_date(", ")");
            case "DAYOFWEEK" -> open("EXTRACT", OWN + "dayofweek(", ")");
            case "YEAR", "QUARTER", "MONTH", "DAY", "HOUR", "MINUTE", "SECOND", "DAYOFYEAR", "ISOYEAR" ->
                open("EXTRACT", "date_part('" + part.text().toLowerCase(Locale.ROOT) + "',", ")");
            case "ISOWEEK" -> open("EXTRACT", "date_part('week',", ")");
            default -> throw refused(part, "the part " + part.text() + " means something else in DuckDB");
        }
    }

    private void unnest(SqlToken token) {
        SqlToken before = all.get(Math.max(0, next - 3));
        boolean table = before.is("FROM") || before.is("JOIN") || before.is(",") && open.element().from;
        if (before.is("IN")) {
            open("", "(SELECT unnest(", "))");
        } else if (table) {
            open("UNNEST", "unnest(", ")");
        } else {
            throw refused(token, "UNNEST must follow FROM, JOIN or IN");
        }
    }

    /** True if the pattern of a REGEXP_EXTRACT has a group, which is then what is extracted. */
    private boolean hasGroup(SqlToken function) {
        int depth = 0;
        for (int i = next; i < all.size() && depth >= 0; i++) {
            SqlToken token = all.get(i);
            depth += token.is("(") || token.is("[") ? 1 : token.is(")") || token.is("]") ? -1 : 0;
            if (depth == 0
                    && token.is(",")
                    && i + 2 < all.size()
                    && all.get(i + 1).is(Kind.LITERAL)
                    && all.get(i + 2).is(")")) {
                String pattern = literalOf(all.get(i + 1)).value().replaceAll("\\\\.|\\[\\^?\\]?[^\\]]*\\]", "");
                return pattern.matches("(?s).*\\((?:[^?]|\\?P?<[A-Za-z]).*");
            }
        }
        throw refused(function, "REGEXP_EXTRACT takes a value and a text as its pattern");
    }

    private void keyword(SqlToken token, String word) {
        if (word.equals("AT") && near(1).is("TIME") && !open.element().is("EXTRACT")) {
            throw refused(
                    token, "AT TIME ZONE is supported only in EXTRACT; write DATE(…, 'zone') or DATETIME(…, 'zone')");
        }
        if (SqlKeywords.ENDS_FROM.contains(word)) {
            open.element().from = false;
        }
        switch (word) {
            case "FROM" -> {
                open.element().from = !near(-1).is("DISTINCT");
                write(word);
            }
            case "AS" -> {
                write(word);
                if (open.element().is("CAST")) {
                    type(token);
                }
            }
            case "EXCEPT" -> write(near(-1).is("*") && near(1).is("(") ? "EXCLUDE" : word);
            case "CURRENT_DATE", "CURRENT_DATETIME" -> write("google_" + word.toLowerCase(Locale.ROOT) + "()");
            case "CURRENT_TIMESTAMP" -> write("now()");
            case "INTERVAL" -> interval(token);
            case "TIMESTAMP", "DATETIME" ->
                write(near(1).is(Kind.LITERAL) ? SqlKeywords.TYPES.getOrDefault(word, word) : token.text());
            case "NUMERIC" -> write(near(1).is(Kind.LITERAL) ? "DECIMAL(38, 9)" : token.text());
            default -> name(token, word);
        }
    }

    private void name(SqlToken token, String word) {
        boolean part =
                near(-1).is(",") && near(1).is(")") && SqlKeywords.TAKES_A_PART.contains(open.element().function);
        if (part) {
            write("'"
                    + Optional.ofNullable(SqlKeywords.PARTS.get(word))
                            .orElseThrow(() -> refused(token, "the part " + word + " means something else in DuckDB"))
                    + "'");
        } else {
            write(SqlKeywords.RESERVED_BY_DUCKDB.contains(word) ? DuckDb.name(token.text()) : token.text());
        }
    }

    private void type(SqlToken as) {
        SqlToken type = near(1);
        String duckDb = SqlKeywords.TYPES.get(upper(type));
        if (duckDb == null || !near(2).is(")")) {
            throw refused(
                    type == NONE ? as : type,
                    "CAST takes one of the types STRING, INT64, FLOAT64, BOOL, NUMERIC, BYTES, DATE, DATETIME and"
                            + " TIMESTAMP");
        }
        next++;
        write(duckDb);
    }

    private void interval(SqlToken token) {
        int depth = 0;
        for (int i = next; i < all.size() && depth >= 0; i++) {
            SqlToken unit = all.get(i);
            depth += unit.is("(") ? 1 : unit.is(")") ? -1 : 0;
            if (depth == 0
                    && i > next
                    && SqlKeywords.UNITS.contains(upper(unit))
                    && !all.get(i - 1).is(".")) {
                if (near(1).is(Kind.LITERAL)) {
                    break;
                }
                unitsOfIntervals.add(i);
                write("INTERVAL (");
                return;
            }
        }
        throw refused(token, "INTERVAL takes a number and a unit: INTERVAL 1 DAY");
    }
}
