package io.modelbatch.step.infer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.google.common.primitives.ImmutableIntArray;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.Histogram;
import io.modelbatch.facts.RejectReason;
import io.modelbatch.inference.Answers;
import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.step.rows.RejectSamples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The answers, the lengths of the texts and the rejects of committed blocks, counted. They are committed with the position of a partition,
 * so each row is counted once however often a run is resumed. Bounded, whatever the number of rows.
 *
 * @param rows rows, those set aside included
 * @param labels how often each label was answered: the best one of each row, or the labels of its entities
 * @param otherLabels labels answered beyond the number of different ones that are counted apart
 * @param numbers answers outside 0 to 1: those of a regression, which are neither labels nor scores
 * @param scores the scores of these labels, in twenty intervals from 0 to 1; without the empty ones at the end
 * @param lengths the lengths of the texts in tokens, by {@link #LENGTHS}; without the empty ones at the end
 * @param reasons the rows set aside by reason, without the numbers in it
 */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
record AnswerCounts(
        long rows,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, Long> labels,
        long otherLabels,
        long numbers,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Long> scores,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<Long> lengths,
        @JsonSetter(nulls = Nulls.AS_EMPTY) Map<String, Long> reasons) {
    static final AnswerCounts NONE = new AnswerCounts(0, Map.of(), 0, 0, List.of(), List.of(), Map.of());

    private static final int MOST_LABELS = 1000;
    private static final int SHOWN_LABELS = 200;
    private static final int MOST_REASONS = 20;
    private static final String OTHER_REASONS = "has another problem";
    private static final int SCORES = 20;
    private static final double ROUNDING = 1e-6;

    /** The limits of lengths: two intervals for each doubling. */
    private static final int[] LENGTHS = IntStream.concat(
                    IntStream.of(0, 2, 3),
                    IntStream.rangeClosed(2, 15).flatMap(power -> IntStream.of(1 << power, 3 << (power - 1))))
            .toArray();

    /** Keeps its own copies. */
    AnswerCounts {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
        scores = List.copyOf(scores);
        lengths = List.copyOf(lengths);
        reasons = Collections.unmodifiableMap(new TreeMap<>(reasons));
    }

    /** The counts of a block. */
    static AnswerCounts of(Answers answers) {
        Map<String, Long> labels = new TreeMap<>();
        long numbers = 0;
        long[] scores = new long[SCORES];
        long[] lengths = new long[LENGTHS.length];
        ImmutableIntArray tokens = answers.lengths();
        for (int row = 0; row < answers.rows(); row++) {
            if (answers.rejected().containsKey(row)) {
                continue;
            }
            lengths[interval(tokens.get(row))]++;
            for (Map.Entry<String, Double> answer : best(answers, row)) {
                if (isScore(answer.getValue())) {
                    labels.merge(answer.getKey(), 1L, Long::sum);
                    scores[(int) Math.max(0, Math.min(SCORES - 1, answer.getValue() * SCORES))]++;
                } else {
                    numbers++;
                }
            }
        }
        Map<String, Long> reasons = new TreeMap<>();
        answers.rejected().values().forEach(reason -> reasons.merge(RejectSamples.kind(reason), 1L, Long::sum));
        return NONE.plus(
                new AnswerCounts(answers.rows(), labels, 0, numbers, trimmed(scores), trimmed(lengths), reasons));
    }

    private static boolean isScore(double number) {
        return number >= -ROUNDING && number <= 1 + ROUNDING;
    }

    AnswerCounts plus(AnswerCounts other) {
        Map<String, Long> all = new TreeMap<>(labels);
        long others = otherLabels + other.otherLabels;
        for (Map.Entry<String, Long> label : other.labels.entrySet()) {
            if (all.containsKey(label.getKey()) || all.size() < MOST_LABELS) {
                all.merge(label.getKey(), label.getValue(), Long::sum);
            } else {
                others += label.getValue();
            }
        }
        Map<String, Long> why = new TreeMap<>(reasons);
        other.reasons.forEach((reason, count) -> why.merge(
                why.containsKey(reason) || why.size() < MOST_REASONS ? reason : OTHER_REASONS, count, Long::sum));
        return new AnswerCounts(
                rows + other.rows,
                all,
                others,
                numbers + other.numbers,
                sum(scores, other.scores),
                sum(lengths, other.lengths),
                why);
    }

    /** The distributions for a report. One answer outside 0 to 1 shows that the model is a regression, whose numbers are not counted as scores of labels. */
    Distributions distributions() {
        Histogram texts = histogram(
                lengths,
                lengths.size(),
                IntStream.of(LENGTHS).limit(lengths.size() + 1L).asDoubleStream());
        if (numbers > 0) {
            return new Distributions(Map.of(), null, null, texts);
        }
        List<Map.Entry<String, Long>> byCount = byCount(labels);
        Map<String, Long> shown = new LinkedHashMap<>();
        byCount.stream().limit(SHOWN_LABELS).forEach(label -> shown.put(label.getKey(), label.getValue()));
        long rest = otherLabels
                + byCount.stream()
                        .skip(SHOWN_LABELS)
                        .mapToLong(Map.Entry::getValue)
                        .sum();
        return new Distributions(
                shown,
                rest == 0 ? null : rest,
                scores.isEmpty()
                        ? null
                        : histogram(
                                scores, SCORES, IntStream.rangeClosed(0, SCORES).mapToDouble(i -> (double) i / SCORES)),
                texts);
    }

    /** For a report, the most frequent first. */
    List<RejectReason> rejectReasons() {
        return byCount(reasons).stream()
                .map(reason -> new RejectReason(reason.getKey(), reason.getValue(), List.of()))
                .toList();
    }

    /** The answers of a row: label and score. */
    private static List<Map.Entry<String, Double>> best(Answers answers, int row) {
        Map<String, Column> columns = answers.columns();
        if (columns.get("label") instanceof Column.Texts labels
                && columns.get("score") instanceof Column.Doubles scores) {
            return Stream.ofNullable(labels.value(row))
                    .map(label -> Map.entry(label, scores.value(row)))
                    .toList();
        }
        if (columns.get("scores") instanceof Column.ScoreMaps scores) {
            return Stream.ofNullable(scores.value(row))
                    .flatMap(each -> each.entrySet().stream().limit(1))
                    .toList();
        }
        if (columns.get("entities") instanceof Column.EntityLists entities) {
            return Stream.ofNullable(entities.value(row))
                    .flatMap(List::stream)
                    .map((Entity entity) -> Map.entry(entity.entity(), entity.score()))
                    .toList();
        }
        return List.of();
    }

    private static int interval(int length) {
        int interval = LENGTHS.length - 2;
        while (interval > 0 && length < LENGTHS[interval]) {
            interval--;
        }
        return interval;
    }

    private static List<Map.Entry<String, Long>> byCount(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed().thenComparing(Map.Entry.comparingByKey()))
                .toList();
    }

    private static Histogram histogram(List<Long> counts, int intervals, DoubleStream edges) {
        List<Long> padded = new ArrayList<>(counts);
        while (padded.size() < intervals) {
            padded.add(0L);
        }
        return new Histogram(edges.boxed().toList(), padded);
    }

    private static List<Long> trimmed(long[] counts) {
        int end = counts.length;
        while (end > 0 && counts[end - 1] == 0) {
            end--;
        }
        return Arrays.stream(counts, 0, end).boxed().toList();
    }

    private static List<Long> sum(List<Long> one, List<Long> other) {
        return IntStream.range(0, Math.max(one.size(), other.size()))
                .mapToObj(i -> (i < one.size() ? one.get(i) : 0) + (i < other.size() ? other.get(i) : 0))
                .toList();
    }
}
