package io.modelbatch.step.infer;

import io.modelbatch.facts.Answered;
import io.modelbatch.inference.Answers;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tokens and seconds that the committed blocks of a partition took, and the answers of its rows.
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
     * @param truncatedBefore those of the rows before it whose texts were truncated; null where an earlier version began it
     */
    record Session(
            String name,
            @Nullable AnswerCounts before,
            @Nullable Long truncatedBefore) {}

    /** With a block that was answered. */
    InferenceUsage plus(AnswerCounts counts, Answers.Usage work, Optional<String> readIn) {
        Session now = readIn.filter(name -> session == null || !session.name().equals(name))
                .map(name -> new Session(name, answers, truncated))
                .orElse(session);
        return new InferenceUsage(
                tokens + work.tokens(),
                paddedTokens + work.paddedTokens(),
                batches + work.batches(),
                truncated + work.truncated(),
                computing + work.computing().toNanos() / NANOS,
                reading,
                answering,
                writing,
                answers == null ? null : answers.plus(counts),
                now);
    }

    /**
     * Without the answers of all rows but the first ones: as before the session that began there, or as it is where that session expired before its
     * first block was answered. Tokens, batches and seconds were spent. The answers are no longer known where no session began there.
     */
    InferenceUsage keeping(long rows) {
        if (rows == 0) {
            return with(AnswerCounts.NONE, 0);
        }
        if (answers != null && answers.rows() == rows) {
            return with(answers, truncated);
        }
        if (session != null && session.before() != null && session.before().rows() == rows) {
            return with(session.before(), Objects.requireNonNullElse(session.truncatedBefore(), truncated));
        }
        return with(null, truncated);
    }

    private InferenceUsage with(@Nullable AnswerCounts counts, long truncatedTexts) {
        return new InferenceUsage(
                tokens, paddedTokens, batches, truncatedTexts, computing, reading, answering, writing, counts, null);
    }

    private static InferenceUsage seconds(double computing, double reading, double answering, double writing) {
        return new InferenceUsage(0, 0, 0, 0, computing, reading, answering, writing, AnswerCounts.NONE, null);
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
