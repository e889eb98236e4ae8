package io.modelbatch.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableIntArray;
import io.modelbatch.inference.PrecisionTrial.Timed;
import io.modelbatch.model.script.Precision;
import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.result.FieldType;
import io.modelbatch.result.Records;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class PrecisionTrialTest {
    @Test
    void keepsWhatIsFasterAndAgrees() {
        PrecisionTrial trial = trial(labels("a", "b"), scores(0.9, 0.6), labels("a", "b"), scores(0.88, 0.64), 2);

        assertThat(trial.chosen()).isEqualTo(Precision.INT8);
        assertThat(trial.rows()).isEqualTo(2);
        assertThat(trial.speedup()).isEqualTo(2);
        assertThat(trial.sameLabels()).isEqualTo(1);
        assertThat(trial.difference()).isCloseTo(0.04, within(1e-9));
    }

    @Test
    void keepsFloat32WhereOneLabelIsAnother() {
        PrecisionTrial trial = trial(labels("a", "b"), scores(0.9, 0.51), labels("a", "a"), scores(0.9, 0.51), 2);

        assertThat(trial.chosen()).isEqualTo(Precision.FLOAT32);
        assertThat(trial.sameLabels()).isEqualTo(0.5);
    }

    @Test
    void keepsFloat32WhereAScoreIsTooFarOff() {
        assertThat(trial(labels("a"), scores(0.9), labels("a"), scores(0.84), 2).chosen())
                .isEqualTo(Precision.FLOAT32);
    }

    @Test
    void keepsFloat32WhereItIsFaster() {
        assertThat(trial(labels("a"), scores(0.9), labels("a"), scores(0.9), 0.9)
                        .chosen())
                .isEqualTo(Precision.FLOAT32);
    }

    /** The numbers of a long vector are small, each of them; what counts is where it points. */
    @Test
    void measuresEmbeddingsByTheirLength() {
        List<Object> exact = List.of(new float[] {0.06f, 0.08f});
        assertThat(trial(exact, List.of(new float[] {0.06f, 0.084f})).difference())
                .isCloseTo(0.04, within(1e-6));
        assertThat(trial(exact, List.of(new float[] {0.06f, 0.089f})).chosen()).isEqualTo(Precision.FLOAT32);
    }

    @Test
    void comparesEntitiesByTheirPlaces() {
        Entity found = new Entity("PER", 0.9, 0, 4, "Mary");
        assertThat(trial(List.of(List.of(found)), List.of(List.of(new Entity("PER", 0.88, 0, 4, "Mary"))))
                        .chosen())
                .isEqualTo(Precision.INT8);
        assertThat(trial(List.of(List.of(found)), List.of(List.of(new Entity("PER", 0.9, 0, 3, "Mar"))))
                        .chosen())
                .isEqualTo(Precision.FLOAT32);
    }

    @Test
    void comparesTheFirstOfSeveralLabels() {
        assertThat(trial(List.of(Map.of("a", 0.9)), List.of(Map.of("b", 0.9))).sameLabels())
                .isZero();
    }

    @Test
    void aRowWithoutAnAnswerHasNoneInBoth() {
        assertThat(trial(Arrays.asList("a", null), Arrays.asList("a", null)).sameLabels())
                .isEqualTo(1);
        assertThat(trial(Arrays.asList("a", null), Arrays.asList("a", "b")).sameLabels())
                .isEqualTo(0.5);
    }

    /** A column of numbers has a number for it too, which means nothing. */
    @Test
    void aScoreOfARejectedRowIsNotCompared() {
        assertThat(trial(Arrays.asList(0.5, null), Arrays.asList(0.5, null)).sameLabels())
                .isEqualTo(1);
        PrecisionTrial trial = trial(Arrays.asList(0.5, null), Arrays.asList(0.5, 0.9));
        assertThat(trial.sameLabels()).isEqualTo(0.5);
        assertThat(trial.difference()).isZero();
    }

    private static PrecisionTrial trial(
            List<Object> labels,
            List<Object> scores,
            List<Object> otherLabels,
            List<Object> otherScores,
            double speedup) {
        return PrecisionTrial.compare(
                new Timed(answers(labels, scores), speedup),
                new Timed(answers(otherLabels, otherScores), 1),
                Precision.INT8);
    }

    private static PrecisionTrial trial(List<Object> exact, List<Object> other) {
        return PrecisionTrial.compare(new Timed(answers(exact), 2), new Timed(answers(other), 1), Precision.INT8);
    }

    /** Columns of the types of their first values; a row without a value was rejected. */
    @SafeVarargs
    private static Answers answers(List<Object>... columns) {
        Map<String, Column> byName = new HashMap<>();
        SortedMap<Integer, String> rejected = new TreeMap<>();
        for (List<Object> column : columns) {
            byName.put("column" + byName.size(), column(column));
            for (int row = 0; row < column.size(); row++) {
                if (column.get(row) == null) {
                    rejected.put(row, "has no text");
                }
            }
        }
        return new Answers(byName, rejected, ImmutableIntArray.of(), new Answers.Usage(0, 0, 0, 0, Duration.ZERO));
    }

    private static Column column(List<Object> values) {
        Object first = values.get(0);
        if (first instanceof Double) {
            return Records.column(
                    FieldType.FLOAT64,
                    values.stream().map(value -> value == null ? 0.0 : value).toList());
        } else if (first instanceof float[] embedding) {
            return Records.column(FieldType.embedding(embedding.length), values);
        } else if (first instanceof String) {
            return Records.column(FieldType.STRING, values);
        }
        return Records.column(first instanceof Map ? FieldType.SCORES : FieldType.ENTITIES, values);
    }

    private static List<Object> labels(String... labels) {
        return List.of((Object[]) labels);
    }

    private static List<Object> scores(Double... scores) {
        return List.of((Object[]) scores);
    }
}
