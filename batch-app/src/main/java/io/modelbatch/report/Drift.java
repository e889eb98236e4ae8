package io.modelbatch.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Histogram;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The difference between a distribution of a step and that of the same step of the previous run.
 *
 * @param of the distribution: {@code labels}, {@code scores} or {@code lengths}
 * @param jensenShannon Jensen-Shannon distance, from 0 (equal) to 1 (nothing in common)
 * @param populationStability population stability index, from 0 (equal); above 0.2 is usually called a significant change
 * @param previousLabels the labels of the previous run; null for another distribution
 * @param previousHistogram the histogram of the previous run; null for labels
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Drift(
        String of,
        double jensenShannon,
        double populationStability,
        @Nullable Map<String, Long> previousLabels,
        @Nullable Histogram previousHistogram) {
    /** Keeps its own copy. */
    public Drift {
        previousLabels =
                previousLabels == null ? null : Collections.unmodifiableMap(new LinkedHashMap<>(previousLabels));
    }

    /** The differences between the distributions of a step and those of the previous run. What one of them lacks is left out. */
    public static List<Drift> between(Distributions now, Distributions before) {
        return Stream.of(
                        labels(now, before),
                        histogram("scores", now.scores(), before.scores()),
                        histogram("lengths", now.lengths(), before.lengths()))
                .flatMap(Optional::stream)
                .toList();
    }

    private static Optional<Drift> labels(Distributions now, Distributions before) {
        // A label that is not in a list may be among the others of that list, so it is compared with them.
        Set<String> apart = new TreeSet<>();
        Stream.of(now, before)
                .flatMap(each -> each.labels().keySet().stream())
                .filter(label -> isApart(label, now) && isApart(label, before))
                .forEach(apart::add);
        return drift("labels", counts(now, apart), counts(before, apart), before.labels(), null);
    }

    private static boolean isApart(String label, Distributions distributions) {
        return distributions.otherLabels() == null || distributions.labels().containsKey(label);
    }

    private static long[] counts(Distributions distributions, Set<String> apart) {
        Map<String, Long> labels = distributions.labels();
        long rest = distributions.otherLabels() == null ? 0 : distributions.otherLabels();
        rest += labels.entrySet().stream()
                .filter(label -> !apart.contains(label.getKey()))
                .mapToLong(Map.Entry::getValue)
                .sum();
        return LongStream.concat(apart.stream().mapToLong(label -> labels.getOrDefault(label, 0L)), LongStream.of(rest))
                .toArray();
    }

    private static Optional<Drift> histogram(String of, @Nullable Histogram now, @Nullable Histogram before) {
        if (now == null || before == null) {
            return Optional.empty();
        }
        int edges = Math.min(now.edges().size(), before.edges().size());
        if (!now.edges().subList(0, edges).equals(before.edges().subList(0, edges))) {
            return Optional.empty(); // an earlier version counted other intervals
        }
        int intervals = Math.max(now.counts().size(), before.counts().size());
        return drift(of, padded(now, intervals), padded(before, intervals), null, before);
    }

    private static long[] padded(Histogram histogram, int intervals) {
        return Arrays.copyOf(
                histogram.counts().stream().mapToLong(Long::longValue).toArray(), intervals);
    }

    private static Optional<Drift> drift(
            String of,
            long[] now,
            long[] before,
            @Nullable Map<String, Long> previousLabels,
            @Nullable Histogram previousHistogram) {
        if (LongStream.of(now).sum() == 0 || LongStream.of(before).sum() == 0) {
            return Optional.empty();
        }
        Divergence divergence = Divergence.of(now, before);
        return Optional.of(new Drift(
                of, divergence.jensenShannon(), divergence.populationStability(), previousLabels, previousHistogram));
    }
}
