package io.modelbatch.training;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What can be had without a model: always the commonest label, and a multinomial naive Bayes over the words of a text with
 * add-one smoothing (Manning, Raghavan and Schütze, Introduction to Information Retrieval, section 13.2).
 */
public final class Baselines {
    private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s\\p{Punct}]+");

    private final long[] rows;
    private final long[] words;
    private final Map<String, long[]> counts = new HashMap<>();

    /** Learns from texts and the numbers of their labels. */
    public Baselines(int labels, List<String> texts, List<Integer> truth) {
        rows = new long[labels];
        words = new long[labels];
        for (int i = 0; i < texts.size(); i++) {
            int label = truth.get(i);
            rows[label]++;
            for (String word : words(texts.get(i))) {
                words[label]++;
                counts.computeIfAbsent(word, unseen -> new long[labels])[label]++;
            }
        }
    }

    /** The commonest label. */
    public int majority() {
        return best(label -> rows[label]);
    }

    /** The label that naive Bayes gives a text. */
    public int bagOfWords(String text) {
        List<long[]> known =
                words(text).stream().map(counts::get).filter(Objects::nonNull).toList();
        return best(label -> rows[label] == 0
                ? Double.NEGATIVE_INFINITY
                : Math.log(rows[label])
                        + known.stream()
                                .mapToDouble(seen -> Math.log((seen[label] + 1.0) / (words[label] + counts.size())))
                                .sum());
    }

    private int best(java.util.function.IntToDoubleFunction score) {
        return IntStream.range(0, rows.length)
                .reduce((one, other) -> score.applyAsDouble(other) > score.applyAsDouble(one) ? other : one)
                .orElseThrow();
    }

    private static List<String> words(String text) {
        return BETWEEN_WORDS
                .splitAsStream(text.toLowerCase(Locale.ROOT))
                .filter(word -> !word.isEmpty())
                .toList();
    }
}
