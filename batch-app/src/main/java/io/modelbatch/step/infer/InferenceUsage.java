package io.modelbatch.step.infer;

import io.modelbatch.facts.Answered;
import io.modelbatch.inference.Answers;

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
 */
record InferenceUsage(
        long tokens,
        long paddedTokens,
        long batches,
        long truncated,
        double computing,
        double reading,
        double answering,
        double writing) {
    static final InferenceUsage NONE = new InferenceUsage(0, 0, 0, 0, 0, 0, 0, 0);
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
                writing + other.writing);
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
                0));
    }

    InferenceUsage plusReading(long nanos) {
        return plus(new InferenceUsage(0, 0, 0, 0, 0, nanos / NANOS, 0, 0));
    }

    InferenceUsage plusAnswering(long nanos) {
        return plus(new InferenceUsage(0, 0, 0, 0, 0, 0, nanos / NANOS, 0));
    }

    InferenceUsage plusWriting(long nanos) {
        return plus(new InferenceUsage(0, 0, 0, 0, 0, 0, 0, nanos / NANOS));
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
