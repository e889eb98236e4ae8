package io.modelbatch.step.infer;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableIntArray;
import io.modelbatch.facts.Distributions;
import io.modelbatch.facts.RejectReason;
import io.modelbatch.inference.Answers;
import io.modelbatch.result.Column;
import io.modelbatch.result.Entity;
import io.modelbatch.result.Scores;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class AnswerCountsTest {
    /** The usage of a block. */
    private static final Answers.Usage TWO_TRUNCATED = new Answers.Usage(9, 10, 1, 2, Duration.ofMillis(5));

    private static final JsonMapper JSON = JsonMapper.shared();

    @Test
    void countsLabelsScoresLengthsAndReasons() {
        Column.Texts labels = Column.texts(4);
        Column.Doubles scores = Column.doubles(4);
        set(labels, scores, 0, "tea", 0.99);
        set(labels, scores, 1, "tea", 0.5);
        set(labels, scores, 2, "milk", 1);
        SortedMap<Integer, String> rejected = new TreeMap<>(Map.of(3, "has the token 4711, which is unknown"));

        AnswerCounts counts =
                AnswerCounts.of(answers(Map.of("label", labels, "score", scores), rejected, 1, 7, 40_000, 0));

        assertThat(counts.rows()).isEqualTo(4);
        Distributions distributions = counts.distributions();
        assertThat(distributions.labels()).containsExactly(Map.entry("tea", 2L), Map.entry("milk", 1L));
        assertThat(distributions.otherLabels()).isNull();
        assertThat(distributions.scores().edges())
                .hasSize(21)
                .startsWith(0.0, 0.05)
                .endsWith(0.95, 1.0);
        assertThat(distributions.scores().counts().get(10)).isEqualTo(1);
        assertThat(distributions.scores().counts().get(19)).isEqualTo(2);
        assertThat(distributions.lengths().edges())
                .startsWith(0.0, 2.0, 3.0, 4.0, 6.0, 8.0, 12.0, 16.0)
                .endsWith(49152.0);
        assertThat(distributions.lengths().counts())
                .startsWith(1L, 0L, 0L, 0L, 1L)
                .endsWith(0L, 1L);
        assertThat(counts.rejectReasons())
                .containsExactly(new RejectReason("has the token …, which is unknown", 1, List.of()));
    }

    @Test
    void countsTheBestOfSeveralScoresAndAllEntities() {
        Column.ScoreMaps scores = Column.scores(1);
        scores.set(0, new Scores(new String[] {"tea", "milk"}, new double[] {0.75, 0.2}));
        Column.EntityLists entities = Column.entities(1);
        entities.set(0, List.of(new Entity("PER", 0.9, 0, 3, "Ann"), new Entity("LOC", 0.1, 7, 11, "Rome")));

        assertThat(AnswerCounts.of(answers(Map.of("scores", scores), new TreeMap<>(), 5))
                        .labels())
                .isEqualTo(Map.of("tea", 1L));
        assertThat(AnswerCounts.of(answers(Map.of("entities", entities), new TreeMap<>(), 5))
                        .labels())
                .isEqualTo(Map.of("PER", 1L, "LOC", 1L));
    }

    /** Some of its numbers happen to be from 0 to 1. */
    @Test
    void aRegressionOfSeveralNumbersHasNeitherLabelsNorScores() {
        Column.ScoreMaps numbers = Column.scores(3);
        numbers.set(0, new Scores(new String[] {"length", "price"}, new double[] {0.75, 0.2}));
        numbers.set(1, new Scores(new String[] {"price", "length"}, new double[] {4711, 3}));
        numbers.set(2, new Scores(new String[] {"length", "price"}, new double[] {-2, -3}));

        AnswerCounts counts = AnswerCounts.of(answers(Map.of("scores", numbers), new TreeMap<>(), 5, 5, 5));

        Distributions distributions = counts.plus(AnswerCounts.NONE).distributions();
        assertThat(distributions.labels()).isEmpty();
        assertThat(distributions.scores()).isNull();
        assertThat(distributions.lengths().counts()).endsWith(3L);
        assertThat(JSON.readValue(JSON.writeValueAsString(counts), AnswerCounts.class))
                .isEqualTo(counts);
    }

    @Test
    void whatHasNoLabelHasLengthsAlone() {
        Column.Embeddings embeddings = Column.embeddings(2, 1);
        embeddings.set(0, new float[] {1, 2});

        Distributions distributions = AnswerCounts.of(answers(Map.of("embedding", embeddings), new TreeMap<>(), 5))
                .distributions();

        assertThat(distributions.labels()).isEmpty();
        assertThat(distributions.scores()).isNull();
        assertThat(distributions.lengths().counts()).endsWith(1L);
    }

    /** Whatever a model answers, a context of a step stays small. */
    @Test
    void isBoundedAndLosesNoCount() {
        AnswerCounts counts = AnswerCounts.NONE;
        for (int block = 0; block < 30; block++) {
            int first = block * 100;
            Column.Texts labels = Column.texts(101);
            Column.Doubles scores = Column.doubles(101);
            IntStream.range(0, 100).forEach(row -> set(labels, scores, row, "label " + (first + row), 1));
            SortedMap<Integer, String> rejected =
                    new TreeMap<>(Map.of(100, "has a problem " + Character.toString('a' + block)));
            counts = counts.plus(
                    AnswerCounts.of(answers(Map.of("label", labels, "score", scores), rejected, new int[101])));
        }

        Distributions distributions = counts.distributions();
        assertThat(counts.labels()).hasSize(1000);
        assertThat(distributions.labels()).hasSize(200);
        assertThat(distributions.otherLabels()).isEqualTo(2800);
        assertThat(counts.rejectReasons()).hasSize(21);
        assertThat(counts.rejectReasons().get(0)).isEqualTo(new RejectReason("has another problem", 10, List.of()));
        assertThat(counts.rejectReasons().stream().mapToLong(RejectReason::rows).sum())
                .isEqualTo(30);
        assertThat(JSON.writeValueAsString(counts)).hasSizeLessThan(25_000);
    }

    @Test
    void isReadFromAContextAsItWasWritten() {
        AnswerCounts counts = new AnswerCounts(
                2, Map.of("a", 2L), 0, 3, List.of(0L, 2L), List.of(2L), Map.of("has no text (null)", 1L));
        InferenceUsage usage = InferenceUsage.NONE.plus(counts, TWO_TRUNCATED, Optional.of("session"));
        for (InferenceUsage each : List.of(InferenceUsage.NONE, usage)) {
            assertThat(JSON.readValue(JSON.writeValueAsString(each), InferenceUsage.class))
                    .isEqualTo(each);
        }
    }

    /** A partition that an earlier version began has rows that nobody counted. */
    @Test
    void areNotKnownWhereAnEarlierVersionCommittedRows() {
        InferenceUsage earlier = JSON.readValue(
                "{\"tokens\":9,\"paddedTokens\":9,\"batches\":1,\"truncated\":0,\"computing\":1.0,\"reading\":1.0,"
                        + "\"answering\":1.0,\"writing\":1.0}",
                InferenceUsage.class);

        assertThat(earlier.tokens()).isEqualTo(9);
        assertThat(earlier.plus(rows(3), TWO_TRUNCATED, Optional.empty()).answers())
                .isNull();
        assertThat(InferenceUsage.NONE.plus(earlier).answers()).isNull();
    }

    @Test
    void thoseOfAnExpiredSessionAreTakenBack() {
        InferenceUsage usage = blocks("s1 3", "s1 4", "s2 5", "s2 6");

        assertThat(usage.answers()).isEqualTo(rows(18));
        assertThat(usage.keeping(7).answers()).isEqualTo(rows(7));
        assertThat(with(usage.keeping(7), "s3 2").keeping(7).answers()).isEqualTo(rows(7));
        assertThat(usage.keeping(0).answers()).isEqualTo(rows(0));
        assertThat(usage.keeping(3).answers()).as("no session began there").isNull();
    }

    /** They are rows too, and are truncated again. What the model computed was computed. */
    @Test
    void truncatedTextsOfAnExpiredSessionAreTakenBack() {
        InferenceUsage usage = blocks("s1 3", "s2 5", "s2 6");

        assertThat(usage.truncated()).isEqualTo(6);
        assertThat(usage.keeping(3).truncated()).isEqualTo(2);
        assertThat(with(usage.keeping(3), "s3 2", "s3 2").keeping(3).truncated())
                .isEqualTo(2);
        assertThat(blocks("s1 3").keeping(3).truncated()).isEqualTo(2);
        assertThat(usage.keeping(0).truncated()).isZero();
        assertThat(usage.keeping(0).batches()).isEqualTo(usage.batches());
    }

    @Test
    void aSessionThatExpiresBeforeItsFirstBlockTakesNothingBack() {
        InferenceUsage again = blocks("s1 3", "s1 4").keeping(7);

        assertThat(again.answers()).isEqualTo(rows(7));
        assertThat(with(again.keeping(7), "s3 2").answers()).isEqualTo(rows(9));
    }

    /** A process that is killed after it gave a session up resumes with what it committed in it. */
    @Test
    void aSessionThatTheNextProcessGivesUpAgainIsTakenBack() {
        InferenceUsage committed = blocks("s1 3", "s2 5");

        InferenceUsage resumed = JSON.readValue(JSON.writeValueAsString(committed), InferenceUsage.class);

        assertThat(resumed.keeping(3).answers()).isEqualTo(rows(3));
        assertThat(resumed.keeping(3).truncated()).isEqualTo(2);
    }

    /** An earlier version kept no more of a session than the answers before it. */
    @Test
    void truncatedTextsOfASessionOfAnEarlierVersionStayCounted() {
        InferenceUsage committed = JSON.readValue(
                JSON.writeValueAsString(blocks("s1 3", "s2 5")).replace(",\"truncatedBefore\":2", ""),
                InferenceUsage.class);

        assertThat(committed.keeping(3).answers()).isEqualTo(rows(3));
        assertThat(committed.keeping(3).truncated()).isEqualTo(4);
    }

    private static InferenceUsage blocks(String... blocks) {
        return with(InferenceUsage.NONE, blocks);
    }

    /** With blocks, each a session and a number of rows. */
    private static InferenceUsage with(InferenceUsage before, String... blocks) {
        InferenceUsage usage = before;
        for (String block : blocks) {
            String[] words = block.split(" ");
            usage = usage.plus(rows(Long.parseLong(words[1])), TWO_TRUNCATED, Optional.of(words[0]));
        }
        return usage;
    }

    private static AnswerCounts rows(long rows) {
        return new AnswerCounts(rows, Map.of(), 0, 0, List.of(), List.of(), Map.of());
    }

    private static void set(Column.Texts labels, Column.Doubles scores, int row, String label, double score) {
        labels.set(row, label);
        scores.set(row, score);
    }

    private static Answers answers(Map<String, Column> columns, SortedMap<Integer, String> rejected, int... lengths) {
        return new Answers(
                columns, rejected, ImmutableIntArray.copyOf(lengths), new Answers.Usage(0, 0, 0, 0, Duration.ZERO));
    }
}
