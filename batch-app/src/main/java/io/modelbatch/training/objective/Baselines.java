package io.modelbatch.training.objective;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Classifiers that need no model: always the commonest label, and a multinomial naive Bayes over the words of a text with
 * add-one smoothing (Manning, Raghavan and Schütze, Introduction to Information Retrieval, section 13.2).
 */
final class Baselines {
    private static final String UNPARTED =
            "\\p{IsHan}\\p{IsHiragana}\\p{IsKatakana}\u30fc\\p{IsThai}\\p{IsLao}\\p{IsKhmer}\\p{IsMyanmar}";
    private static final String BETWEEN = "\\s\\p{Z}\\p{Cc}\\p{P}\\p{Sm}\\p{Sc}\\p{Sk}";

    /** A run of characters of scripts that write no spaces, or a word of any other script. */
    private static final Pattern RUN = Pattern.compile("([%1$s]+)|[^%1$s%2$s]+".formatted(UNPARTED, BETWEEN));

    private final long[] rows;
    private final long[] words;
    private final Map<String, long[]> counts = new HashMap<>();

    /** Learns from texts and the numbers of their labels. */
    Baselines(int labels, List<String> texts, List<Integer> truth) {
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
    int majority() {
        return best(label -> rows[label]);
    }

    /** The label that naive Bayes gives a text. */
    int bagOfWords(String text) {
        List<long[]> known =
                words(text).stream().map(counts::get).filter(Objects::nonNull).toList();
        return best(label -> rows[label] == 0
                ? Double.NEGATIVE_INFINITY
                : Math.log((double) rows[label])
                        + known.stream()
                                .mapToDouble(seen -> Math.log((seen[label] + 1.0) / (words[label] + counts.size())))
                                .sum());
    }

    private int best(IntToDoubleFunction score) {
        return IntStream.range(0, rows.length)
                .reduce((one, other) -> score.applyAsDouble(other) > score.applyAsDouble(one) ? other : one)
                .orElseThrow();
    }

    /**
     * The words of a text in Unicode's form NFKC, in lower case. Chinese, Japanese, Thai, Lao, Khmer and Burmese part no words by
     * spaces: for a run of their characters stand its overlapping pairs, as in Lucene's {@code CJKAnalyzer}.
     */
    static List<String> words(String text) {
        String plain = Normalizer.normalize(text, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
        return RUN.matcher(plain)
                .results()
                .flatMap(run -> run.group(1) == null ? Stream.of(run.group()) : pairs(run.group()))
                .toList();
    }

    /** A single character stands for itself. */
    private static Stream<String> pairs(String run) {
        int[] characters = run.codePoints().toArray();
        return IntStream.range(0, Math.max(1, characters.length - 1))
                .mapToObj(from -> new String(characters, from, Math.min(2, characters.length)));
    }
}
