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
        return new Reader(expression).read();
    }

    /** Reads an expression from its beginning to its end. */
    private static final class Reader {
        private final String expression;
        private final Deque<Group> open = new ArrayDeque<>();
        private Group closed = new Group();
        private boolean afterGroup;
        private boolean endless;
        private int at;

        Reader(String expression) {
            this.expression = expression;
            open.push(new Group());
        }

        RegexCost read() {
            for (; at < expression.length() && !endless; at++) {
                boolean follows = afterGroup;
                afterGroup = false;
                switch (expression.charAt(at)) {
                    case '\\' -> escape();
                    case '[' -> at = endOfClass(expression, at);
                    case '(' -> group();
                    case ')' -> endOfGroup();
                    case '|' -> alternative();
                    case '*', '+' -> repetition(follows);
                    case '{' -> bounds(follows);
                    default -> {}
                }
            }
            return new RegexCost(
                    endless ? ENDLESS : open.stream().mapToInt(Group::worst).sum());
        }

        private void escape() {
            at++;
            char escaped = at < expression.length() ? expression.charAt(at) : '\\';
            endless = escaped >= '1' && escaped <= '9' || escaped == 'k' || escaped == 'g';
            if (escaped == 'p' || escaped == 'P') {
                at = Math.max(at, expression.indexOf('}', at));
            }
        }

        /** The question mark behind the bracket tells the kind of the group; it is not a repetition. */
        private void group() {
            open.push(new Group());
            if (next('?')) {
                at++;
            }
        }

        private void endOfGroup() {
            if (open.size() > 1) {
                closed = open.pop();
                open.getFirst().repeats += closed.worst();
                afterGroup = true;
            }
        }

        private void alternative() {
            Group group = open.getFirst();
            group.most = group.worst();
            group.repeats = 0;
            group.alternatives = true;
        }

        /** Without end; a sign behind it makes it lazy or possessive. */
        private void repetition(boolean follows) {
            endless = follows && (closed.worst() > 0 || closed.alternatives);
            open.getFirst().repeats++;
            if (next('?') || next('+')) {
                at++;
            }
        }

        private void bounds(boolean follows) {
            if (isUnbounded(expression, at)) {
                at = expression.indexOf('}', at);
                repetition(follows);
            } else {
                endless = follows && closed.worst() > 0;
            }
        }

        private boolean next(char unit) {
            return at + 1 < expression.length() && expression.charAt(at + 1) == unit;
        }
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
