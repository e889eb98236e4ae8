package io.modelbatch.step;

import io.modelbatch.inference.Answers;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the committed blocks of a partition took.
 *
 * @param tokens tokens that the model read
 * @param paddedTokens tokens that it computed, padding included
 * @param batches forward passes
 * @param truncated rows whose texts were cut off
 * @param computing seconds of forward passes, of all threads taken together
 * @param reading seconds that were spent waiting for rows
 * @param answering seconds that were spent waiting for the model
 * @param writing seconds that were spent writing and committing
 */
record InferenceWork(
        long tokens,
        long paddedTokens,
        long batches,
        long truncated,
        double computing,
        double reading,
        double answering,
        double writing) {
    static final InferenceWork NONE = new InferenceWork(0, 0, 0, 0, 0, 0, 0, 0);
    private static final double NANOS = 1e9;

    InferenceWork plus(InferenceWork other) {
        return new InferenceWork(
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
    InferenceWork plus(Answers.Work work) {
        return plus(new InferenceWork(
                work.tokens(),
                work.paddedTokens(),
                work.batches(),
                work.truncated(),
                work.computing().toNanos() / NANOS,
                0,
                0,
                0));
    }

    InferenceWork plusReading(long nanos) {
        return plus(new InferenceWork(0, 0, 0, 0, 0, nanos / NANOS, 0, 0));
    }

    InferenceWork plusAnswering(long nanos) {
        return plus(new InferenceWork(0, 0, 0, 0, 0, 0, nanos / NANOS, 0));
    }

    InferenceWork plusWriting(long nanos) {
        return plus(new InferenceWork(0, 0, 0, 0, 0, 0, 0, nanos / NANOS));
    }

    /** For the report; rates are those of one partition, of which several run at a time. */
    Map<String, Object> figures() {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("tokens", tokens);
        figures.put("padding", tokens == 0 ? 1 : rounded((double) paddedTokens / tokens));
        figures.put("batches", batches);
        if (truncated > 0) {
            figures.put("truncated", truncated);
        }
        Map<String, Object> seconds = new LinkedHashMap<>();
        seconds.put("computing", rounded(computing));
        seconds.put("waiting-for-rows", rounded(reading));
        seconds.put("waiting-for-the-model", rounded(answering));
        seconds.put("writing", rounded(writing));
        figures.put("seconds", seconds);
        return figures;
    }

    private static double rounded(double number) {
        return Math.round(number * 1000) / 1000.0;
    }
}
