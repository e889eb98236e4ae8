package io.modelbatch.base;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;

/** Finds the name that somebody who mistyped probably meant. */
public final class NearestName {
    private static final int LONGEST = 100;

    private NearestName() {}

    /** {@code "; did you mean 'x'?"}, or nothing when no name is near. */
    public static String hint(String typed, Collection<String> names) {
        if (typed.length() > LONGEST) {
            return "";
        }
        String word = normal(typed);
        int limit = Math.max(1, word.length() / 3);
        return names.stream()
                .filter(name -> distance(word, normal(name)) <= limit || isPartOf(word, normal(name)))
                .min(Comparator.comparingInt(name -> distance(word, normal(name))))
                .map(name -> "; did you mean '" + name + "'?")
                .orElse("");
    }

    /** The same, and then more to say, as a sentence of its own or not. */
    public static String hint(String typed, Collection<String> names, String more) {
        String hint = hint(typed, names);
        return hint.isEmpty()
                ? "; " + more
                : hint + " " + more.substring(0, 1).toUpperCase(Locale.ROOT) + more.substring(1);
    }

    private static String normal(String name) {
        return name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static boolean isPartOf(String word, String name) {
        return word.length() >= 4 && name.contains(word);
    }

    /** Levenshtein's distance, where two neighbours that swapped places count as one change. */
    private static int distance(String a, String b) {
        int[][] d = new int[a.length() + 1][b.length() + 1];
        IntStream.rangeClosed(0, b.length()).forEach(j -> d[0][j] = j);
        for (int i = 1; i <= a.length(); i++) {
            d[i][0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] = Math.min(d[i - 1][j - 1] + change, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[a.length()][b.length()];
    }
}
