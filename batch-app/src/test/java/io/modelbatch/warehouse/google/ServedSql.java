package io.modelbatch.warehouse.google;

import com.google.cloud.bigquery.Field.Mode;
import io.modelbatch.warehouse.google.ServedToken.Kind;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * GoogleSQL as DuckDB understands it, as far as jobs need it: names of tables, strings, typed parameters, names of types,
 * {@code * EXCEPT}, {@code IN UNNEST}; and what DuckDB finds wrong, in the words of the service.
 */
final class ServedSql {
    private static final Set<String> ENDS_OF_FROM = Set.of(
            "WHERE", "GROUP", "ORDER", "LIMIT", "HAVING", "QUALIFY", "WINDOW", "SELECT", "UNION", "ON", "INTERSECT");
    private static final Pattern UNKNOWN_COLUMN = Pattern.compile("Referenced column \"([^\"]+)\" not found");
    private static final Pattern UNKNOWN_FIELD = Pattern.compile("does not have a column named \"([^\"]+)\"");
    private static final Pattern UNKNOWN_TABLE = Pattern.compile("Table with name \"?([^\"\\s]+)\"? does not exist");
    private static final Pattern UNKNOWN_FUNCTION = Pattern.compile("Function with name (\\S+) does not exist");
    private static final Pattern SYNTAX = Pattern.compile("syntax error at or near \"([^\"]+)\"");

    private final String sql;
    private final Map<String, String> parameters;
    private final Optional<String> dataset;
    private final List<ServedToken> tokens;
    private final List<List<String>> tables = new ArrayList<>();
    private final StringBuilder out = new StringBuilder();
    private final Deque<Parenthesis> open = new ArrayDeque<>();
    private int next;
    private boolean tableExpected;

    private static final class Parenthesis {
        private final boolean cast;
        private final String close;
        private boolean from;

        Parenthesis(boolean cast, String close) {
            this.cast = cast;
            this.close = close;
        }
    }

    private ServedSql(String sql, Map<String, String> parameters, Optional<String> dataset) {
        this.sql = sql;
        this.parameters = parameters;
        this.dataset = dataset;
        this.tokens = ServedToken.of(sql);
    }

    /**
     * Translates a query, or a condition on rows.
     *
     * @param parameters literals of DuckDB's by lower-case name
     * @param dataset of tables whose name comes alone
     */
    static ServedSql translate(String sql, Map<String, String> parameters, Optional<String> dataset) {
        ServedSql translated = new ServedSql(sql, parameters, dataset);
        translated.open.push(new Parenthesis(false, ""));
        while (translated.next < translated.tokens.size()) {
            translated.translateNext();
        }
        return translated;
    }

    /** For DuckDB. */
    String duckdb() {
        return out.toString();
    }

    /** The tables it reads: dataset and table, or project, dataset and table. */
    List<List<String>> tables() {
        return tables;
    }

    /** DuckDB's message, as the service would write it. */
    RefusedException refused(SQLException e) {
        String message = String.valueOf(e.getMessage());
        Optional<String> column = first(UNKNOWN_COLUMN, message).or(() -> first(UNKNOWN_FIELD, message));
        if (column.isPresent()) {
            return RefusedException.invalidQuery("Unrecognized name: " + column.get() + position(column.get()));
        }
        Optional<String> table = first(UNKNOWN_TABLE, message);
        if (table.isPresent()) {
            return RefusedException.invalid("Table \"" + table.get()
                    + "\" must be qualified with a dataset (e.g. dataset.table)." + position(table.get()));
        }
        Optional<String> function = first(UNKNOWN_FUNCTION, message);
        if (function.isPresent()) {
            return RefusedException.invalidQuery("Function not found: " + function.get() + position(function.get()));
        }
        Optional<String> syntax = first(SYNTAX, message);
        return syntax.map(near -> RefusedException.invalidQuery(
                        "Syntax error: Unexpected identifier \"" + near + "\"" + position(near)))
                .orElseGet(() -> RefusedException.invalidQuery(message));
    }

    private static Optional<String> first(Pattern pattern, String message) {
        Matcher found = pattern.matcher(message);
        return found.find() ? Optional.of(found.group(1)) : Optional.empty();
    }

    private String position(String word) {
        return tokens.stream()
                .filter(token -> token.text().replace("`", "").equalsIgnoreCase(word))
                .findFirst()
                .map(token -> " at " + position(token.at()))
                .orElse("");
    }

    private String position(int at) {
        String before = sql.substring(0, at);
        long line = before.chars().filter(c -> c == '\n').count() + 1;
        return "[" + line + ":" + (at - before.lastIndexOf('\n')) + "]";
    }

    private void translateNext() {
        ServedToken token = tokens.get(next);
        if (token.kind() == Kind.BLANK) {
            out.append(' ');
            next++;
        } else if (tableExpected && (token.kind() == Kind.QUOTED || isPath(token))) {
            tableExpected = false;
            translateTable();
        } else {
            tableExpected = false;
            next++;
            translate(token);
        }
    }

    private boolean isPath(ServedToken token) {
        return token.kind() == Kind.WORD && !token.is("UNNEST");
    }

    private void translate(ServedToken token) {
        switch (token.kind()) {
            case STRING -> out.append(ServedRows.literal(token.string()));
            case QUOTED -> out.append(quoted(unquoted(token)));
            case PARAMETER -> out.append(parameter(token));
            case WORD -> translateWord(token);
            case SYMBOL -> translateSymbol(token);
            default -> out.append(token.text());
        }
    }

    private String parameter(ServedToken token) {
        String name = token.text().substring(1);
        return Optional.ofNullable(parameters.get(name.toLowerCase(Locale.ROOT)))
                .orElseThrow(() -> RefusedException.invalidQuery(
                        "Query parameter '" + name + "' not found at " + position(token.at())));
    }

    private void translateWord(ServedToken token) {
        String word = token.text().toUpperCase(Locale.ROOT);
        ServedToken before = significantBefore(next - 1);
        boolean field = before.is(".");
        if (word.equals("FROM") && !before.is("DISTINCT") && !extracts()) {
            tableExpected = true;
            open.element().from = true;
        } else if (word.equals("JOIN")) {
            tableExpected = true;
        } else if (ENDS_OF_FROM.contains(word)) {
            open.element().from = false;
        }
        if (word.equals("AS") && open.element().cast) {
            out.append("AS ").append(type());
        } else if (word.equals("SAFE_CAST") && !field) {
            out.append("TRY_CAST");
        } else if (word.equals("EXCEPT") && before.is("*")) {
            out.append("EXCLUDE");
        } else if (word.equals("UNNEST") && before.is("IN")) {
            next = indexOfSignificant(next) + 1; // its parenthesis
            out.append("(SELECT unnest(");
            open.push(new Parenthesis(false, "))"));
        } else if (significant(next).kind() == Kind.STRING && word.matches("TIMESTAMP|DATETIME")) {
            out.append(type(word));
        } else {
            out.append(token.text());
        }
    }

    /** True if this is the FROM of {@code EXTRACT(part FROM date)}. */
    private boolean extracts() {
        int part = indexOfSignificantBefore(next - 1);
        int parenthesis = part < 0 ? -1 : indexOfSignificantBefore(part);
        return parenthesis > 0
                && tokens.get(parenthesis).is("(")
                && significantBefore(parenthesis).is("EXTRACT");
    }

    private void translateSymbol(ServedToken token) {
        if (token.is("(")) {
            ServedToken before = significantBefore(next - 1);
            open.push(new Parenthesis(before.is("CAST") || before.is("SAFE_CAST"), ")"));
            out.append('(');
        } else if (token.is(")") && open.size() > 1) {
            out.append(open.pop().close);
        } else {
            tableExpected = token.is(",") && open.element().from;
            out.append(token.text());
        }
    }

    /** The type up to the end of a CAST. */
    private String type() {
        StringBuilder type = new StringBuilder();
        int depth = 0;
        while (next < tokens.size() && !(depth == 0 && tokens.get(next).is(")"))) {
            ServedToken token = tokens.get(next++);
            depth += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            type.append(token.kind() == Kind.BLANK ? " " : token.text());
        }
        return type(type.toString().strip());
    }

    private static String type(String type) {
        if (type.toUpperCase(Locale.ROOT).startsWith("ARRAY<")) {
            return type(type.substring("ARRAY<".length(), type.length() - 1)) + "[]";
        }
        if (type.toUpperCase(Locale.ROOT).startsWith("STRUCT<")) {
            return ServedColumn.split(type.substring("STRUCT<".length(), type.length() - 1)).stream()
                    .map(field -> field.split(" ", 2))
                    .map(field -> ServedRows.name(field[0].replace("`", "")) + " " + type(field[1].strip()))
                    .collect(Collectors.joining(", ", "STRUCT(", ")"));
        }
        if (type.contains("(")) {
            return type.replaceFirst("(?i)(BIG)?NUMERIC", "DECIMAL").replaceFirst("(?i)STRING|BYTES", "VARCHAR");
        }
        return new ServedColumn("", ServedColumn.canonical(type), Mode.NULLABLE, List.of()).duckdb();
    }

    private void translateTable() {
        List<String> path = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (; next < tokens.size(); next++) {
            ServedToken token = tokens.get(next);
            if (token.is(".")) {
                path.add(part.toString());
                part.setLength(0);
            } else if (token.kind() == Kind.QUOTED) {
                List<String> parts = unquoted(token);
                path.addAll(parts.subList(0, parts.size() - 1));
                part.append(parts.get(parts.size() - 1));
            } else if (token.kind() == Kind.WORD || token.kind() == Kind.NUMBER || token.is("-")) {
                part.append(token.text());
            } else {
                break;
            }
        }
        path.add(part.toString());
        if (path.size() == 1 && dataset.isPresent() && !isNamedByWith(path.get(0))) {
            path.add(0, dataset.get());
        }
        if (path.size() > 1) {
            tables.add(path);
        }
        out.append(quoted(path.subList(Math.max(0, path.size() - 2), path.size())));
    }

    private boolean isNamedByWith(String name) {
        for (int i = 0; i < tokens.size(); i++) {
            int as = indexOfSignificant(i + 1);
            if (tokens.get(i).is(name)
                    && token(as).is("AS")
                    && significant(as + 1).is("(")) {
                return true;
            }
        }
        return false;
    }

    private static List<String> unquoted(ServedToken token) {
        return List.of(token.text().replace("`", "").split("\\."));
    }

    private static String quoted(List<String> path) {
        return String.join(".", path.stream().map(ServedRows::name).toList());
    }

    private ServedToken significant(int from) {
        return token(indexOfSignificant(from));
    }

    private ServedToken significantBefore(int before) {
        return token(indexOfSignificantBefore(before));
    }

    private ServedToken token(int index) {
        return index >= 0 && index < tokens.size() ? tokens.get(index) : new ServedToken(Kind.BLANK, "", 0);
    }

    private int indexOfSignificant(int from) {
        int index = from;
        while (token(index).kind() == Kind.BLANK && index < tokens.size()) {
            index++;
        }
        return index;
    }

    private int indexOfSignificantBefore(int before) {
        int index = before - 1;
        while (index >= 0 && token(index).kind() == Kind.BLANK) {
            index--;
        }
        return index;
    }
}
