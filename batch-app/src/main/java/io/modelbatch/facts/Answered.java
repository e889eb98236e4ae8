package io.modelbatch.facts;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies.KebabCaseStrategy;
import tools.jackson.databind.annotation.JsonNaming;

/**
 * The result of an {@code infer} and what it took, over all executions and partitions.
 *
 * @param rows rows of the result
 * @param shards its objects
 * @param to its folder
 * @param rejected rows set aside; null for none
 * @param rejects the folder of the rows set aside; null for none
 * @param usedModel the model
 * @param dtype the type of numbers that it computed in
 * @param dtypeWarning the reason why that type is slow on this device; null where it is not
 * @param dtypeTrial the comparison that chose the type; null where the job file names it
 * @param tokens tokens that the model read
 * @param padding tokens that it computed, padding included, for each that it read; 1 for no tokens
 * @param batches forward passes
 * @param truncated rows whose texts were truncated; null for none
 * @param seconds the time of its partitions, by activity
 * @param device the hardware that computed; null where an earlier version ran it
 * @param distributions the distributions of the answers and of the texts; null where an earlier version ran it
 * @param rejectReasons the reasons why rows were set aside, the most frequent first
 */
public record Answered(
        long rows,
        int shards,
        String to,
        @Nullable Long rejected,
        @Nullable String rejects,
        UsedModel usedModel,
        String dtype,
        @Nullable String dtypeWarning,
        @Nullable DtypeTrial dtypeTrial,
        long tokens,
        double padding,
        long batches,
        @Nullable Long truncated,
        Seconds seconds,
        @Nullable String device,
        @Nullable Distributions distributions,
        @JsonSetter(nulls = Nulls.AS_EMPTY) List<RejectReason> rejectReasons)
        implements Facts, AnswersOfRows {
    /** Keeps its own copy. */
    public Answered {
        rejectReasons = List.copyOf(rejectReasons);
    }

    @Override
    public Map<String, Object> results() {
        return Map.of(
                "uri", to, "rows", rows, "rejected", rejected == null ? 0L : rejected, "model", usedModel.address());
    }

    /** The same with other reasons of rejects. */
    @Override
    public Answered with(List<RejectReason> reasons) {
        return new Answered(
                rows,
                shards,
                to,
                rejected,
                rejects,
                usedModel,
                dtype,
                dtypeWarning,
                dtypeTrial,
                tokens,
                padding,
                batches,
                truncated,
                seconds,
                device,
                distributions,
                reasons);
    }

    /**
     * The first rows, answered in float32 and in a smaller type.
     *
     * @param tried the smaller type
     * @param rows rows that went through both
     * @param speedup its speed as a multiple of float32's
     * @param sameLabels share of the rows with the same labels, from 0 to 1
     * @param difference the largest difference of scores; of embeddings, as a share of their length
     */
    @JsonNaming(KebabCaseStrategy.class)
    public record DtypeTrial(String tried, int rows, double speedup, double sameLabels, double difference) {}

    /**
     * Seconds of all partitions together, of which several run at a time.
     *
     * @param computing forward passes, of all threads together
     * @param waitingForRows waiting for rows
     * @param waitingForTheModel waiting for the model
     * @param writing writing and committing
     */
    @JsonNaming(KebabCaseStrategy.class)
    public record Seconds(double computing, double waitingForRows, double waitingForTheModel, double writing) {}
}
