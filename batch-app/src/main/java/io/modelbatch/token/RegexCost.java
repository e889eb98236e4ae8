package io.modelbatch.token;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The cost of a regular expression in a library that gives up after ten million tries at one place of a text, and takes the process
 * down with it. Hugging Face's is one.
 *
 * @param repeats the most repetitions without an end that follow each other in the expression; {@link #ENDLESS} where one is within
 *     another, or a part of the text is referred to
 */
record RegexCost(int repeats) {
    /** Tries double with each character. */
    static final int ENDLESS = Integer.MAX_VALUE;

    private static final double MOST_TRIES = 5e6;

    /** A part of an expression that is being read. */
    private static final class Group {
        int repeats;
        int most;
        boolean alternatives;

        int worst() {
            return Math.max(most, repeats);
        }
    }

    static RegexCost of(String expression) {
        Deque<Group> open = new ArrayDeque<>();
        open.push(new Group());
        Group closed = new Group();
        boolean afterGroup = false;
        for (int i = 0; i < expression.length(); i++) {
            char unit = expression.charAt(i);
            if (unit == '\\') {
                i++;
                char escaped = i < expression.length() ? expression.charAt(i) : '\\';
                if (escaped >= '1' && escaped <= '9' || escaped == 'k' || escaped == 'g') {
                    return new RegexCost(ENDLESS);
                }
                if (escaped == 'p' || escaped == 'P') {
                    int end = expression.indexOf('}', i);
                    i = end < 0 ? i : end;
                }
                afterGroup = false;
            } else if (unit == '[') {
                i = endOfClass(expression, i);
                afterGroup = false;
            } else if (unit == '(') {
                open.push(new Group());
                if (i + 1 < expression.length() && expression.charAt(i + 1) == '?') {
                    i++; // no repetition, but what kind of group it is
                }
                afterGroup = false;
            } else if (unit == ')' && open.size() > 1) {
                closed = open.pop();
                open.getFirst().repeats += closed.worst();
                afterGroup = true;
            } else if (unit == '|') {
                Group group = open.getFirst();
                group.most = group.worst();
                group.repeats = 0;
                group.alternatives = true;
                afterGroup = false;
            } else if (unit == '*' || unit == '+' || unit == '{' && isUnbounded(expression, i)) {
                if (afterGroup && (closed.worst() > 0 || closed.alternatives)) {
                    return new RegexCost(ENDLESS);
                }
                open.getFirst().repeats++;
                afterGroup = false;
                if (unit == '{') {
                    i = expression.indexOf('}', i);
                }
                if (i + 1 < expression.length() && "?+".indexOf(expression.charAt(i + 1)) >= 0) {
                    i++; // lazy or possessive
                }
            } else if (unit == '{' && afterGroup && closed.worst() > 0) {
                return new RegexCost(ENDLESS);
            } else {
                afterGroup = false;
            }
        }
        return new RegexCost(open.stream().mapToInt(Group::worst).sum());
    }

    /** {@code {2,}}, and a bound so high that it is none. */
    private static boolean isUnbounded(String expression, int at) {
        int end = expression.indexOf('}', at);
        String bounds = end < 0 ? "" : expression.substring(at + 1, end);
        return bounds.matches("\\d*,") || bounds.matches("\\d*,?\\d{3,}");
    }

    private static int endOfClass(String expression, int at) {
        int depth = 0;
        for (int i = at; i < expression.length(); i++) {
            char unit = expression.charAt(i);
            if (unit == '\\') {
                i++;
            } else if (unit == '[') {
                depth++;
            } else if (unit == ']' && i > at + 1 && --depth == 0) {
                return i;
            }
        }
        return expression.length();
    }

    /** Characters of a text that are safe. */
    int mostCharacters() {
        return repeats < 2 ? Integer.MAX_VALUE : (int) Math.pow(MOST_TRIES, 1.0 / repeats);
    }
}
