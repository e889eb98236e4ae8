package io.modelbatch.step.infer;

import io.modelbatch.facts.Answered;
import io.modelbatch.inference.Answers;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and seconds that the committed blocks of a partition took.
 *
 * @param tokens tokens that the model read
 * @param paddedTokens tokens that it computed, padding included
 * @param batches forward passes
 * @param truncated rows whose texts were truncated
 * @param computing seconds of forward passes, of all threads taken together
 * @param reading seconds that were spent waiting for rows
 * @param answering seconds that were spent waiting for the model
 * @param writing seconds that were spent writing and committing
 * @param answers the answers of all rows; null where an earlier version committed some of them
 * @param session the session that the last rows were read in; null where their order is always the same
 */
record InferenceUsage(
        long tokens,
        long paddedTokens,
        long batches,
        long truncated,
        double computing,
        double reading,
        double answering,
        double writing,
        @Nullable AnswerCounts answers,
        @Nullable Session session) {
    static final InferenceUsage NONE = new InferenceUsage(0, 0, 0, 0, 0, 0, 0, 0, AnswerCounts.NONE, null);
    private static final double NANOS = 1e9;

    InferenceUsage plus(InferenceUsage other) {
        return new InferenceUsage(
                tokens + other.tokens,
                paddedTokens + other.paddedTokens,
                batches + other.batches,
                truncated + other.truncated,
                computing + other.computing,
                reading + other.reading,
                answering + other.answering,
                writing + other.writing,
                answers == null || other.answers == null ? null : answers.plus(other.answers),
                session);
    }

    /**
     * A session that rows are read in. When it expires, its rows are lost.
     *
     * @param name its name
     * @param before the answers of the rows before it; null where they are not known
     */
    record Session(String name, @Nullable AnswerCounts before) {}

    /** With the answers of a block. */
    InferenceUsage plus(AnswerCounts counts, Optional<String> readIn) {
        Session now = readIn.filter(name -> session == null || !session.name().equals(name))
                .map(name -> new Session(name, answers))
                .orElse(session);
        return with(answers == null ? null : answers.plus(counts), now);
    }

    /** Without the answers of all rows but the first ones. They are no longer known where no session began there. */
    InferenceUsage keeping(long rows) {
        return with(answersOf(rows), null);
    }

    /** A session that expires before its first block is answered takes nothing back. */
    private @Nullable AnswerCounts answersOf(long rows) {
        return Stream.of(AnswerCounts.NONE, answers, session == null ? null : session.before())
                .filter(known -> known != null && known.rows() == rows)
                .findFirst()
                .orElse(null);
    }

    private InferenceUsage with(@Nullable AnswerCounts counts, @Nullable Session readIn) {
        return new InferenceUsage(
                tokens, paddedTokens, batches, truncated, computing, reading, answering, writing, counts, readIn);
    }

    private static InferenceUsage seconds(double computing, double reading, double answering, double writing) {
        return new InferenceUsage(0, 0, 0, 0, computing, reading, answering, writing, AnswerCounts.NONE, null);
    }

    /** With a block that was answered. */
    InferenceUsage plus(Answers.Usage work) {
        return plus(new InferenceUsage(
                work.tokens(),
                work.paddedTokens(),
                work.batches(),
                work.truncated(),
                work.computing().toNanos() / NANOS,
                0,
                0,
                0,
                AnswerCounts.NONE,
                null));
    }

    InferenceUsage plusReading(long nanos) {
        return plus(seconds(0, nanos / NANOS, 0, 0));
    }

    InferenceUsage plusAnswering(long nanos) {
        return plus(seconds(0, 0, nanos / NANOS, 0));
    }

    InferenceUsage plusWriting(long nanos) {
        return plus(seconds(0, 0, 0, nanos / NANOS));
    }

    /** Tokens that were computed for each that was read. */
    double padding() {
        return tokens == 0 ? 1 : rounded((double) paddedTokens / tokens);
    }

    Answered.Seconds seconds() {
        return new Answered.Seconds(rounded(computing), rounded(reading), rounded(answering), rounded(writing));
    }

    /** To thousandths, for people. */
    static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
