package io.modelbatch.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The answers that an incomplete {@code infer} has committed, over all executions and partitions. There is no result yet.
 *
 * @param usedModel the model
 * @param rejects the folder of the rows set aside; null for none
 * @param tokens tokens that the model read
 * @param padding tokens that it computed, padding included, for each that it read; 1 for no tokens
 * @param batches forward passes
 * @param truncated rows whose texts were truncated; null for none
 * @param seconds the time of its partitions, by activity
 * @param distributions the distributions of the answers and of the texts; null where an earlier version committed some of them
 * @param rejectReasons the reasons why rows were set aside, the most frequent first
 */
public record AnsweredSoFar(
        UsedModel usedModel,
        @Nullable String rejects,
        long tokens,
        double padding,
        long batches,
        @Nullable Long truncated,
        Answered.Seconds seconds,
        @Nullable Distributions distributions,
        List<RejectReason> rejectReasons)
        implements Facts, AnswersOfRows {
    /** Keeps its own copy. */
    public AnsweredSoFar {
        rejectReasons = List.copyOf(rejectReasons);
    }

    /** The same with other reasons of rejects. */
    @Override
    public AnsweredSoFar with(List<RejectReason> reasons) {
        return new AnsweredSoFar(
                usedModel, rejects, tokens, padding, batches, truncated, seconds, distributions, reasons);
    }
}
