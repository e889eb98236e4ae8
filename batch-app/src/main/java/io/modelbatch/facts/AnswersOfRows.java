package io.modelbatch.facts;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The facts about the answers of an {@code infer}, complete or not. */
public sealed interface AnswersOfRows permits Answered, AnsweredSoFar {
    /** The distributions of the answers and of the texts; null where they are not known. */
    @Nullable
    Distributions distributions();

    /** The folder of the rows set aside; null for none. */
    @Nullable
    String rejects();

    /** The reasons why rows were set aside, the most frequent first. */
    List<RejectReason> rejectReasons();

    /** The same facts with other reasons of rejects. */
    Facts with(List<RejectReason> reasons);

    /** Tokens that were computed, padding included, for each that was read. */
    double padding();

    /** The time of the partitions, by activity. */
    Answered.Seconds seconds();
}
