package io.modelbatch.step.infer;

import io.modelbatch.facts.AnsweredSoFar;
import io.modelbatch.facts.ModelOpened;
import io.modelbatch.step.StepOutputs;
import io.modelbatch.step.rows.ShardItemWriter;
import java.util.List;
import java.util.Optional;

/** The answers that the partitions of an incomplete {@code infer} have committed. Two statements, however many partitions there are. */
public final class CommittedAnswers {
    private final StepOutputs outputs;

    CommittedAnswers(StepOutputs outputs) {
        this.outputs = outputs;
    }

    /**
     * The sum over all partitions; empty where the step is not an {@code infer}, or none has committed a row.
     *
     * @param run the id of the run's job instance
     * @param opened the model that the step has opened
     */
    public Optional<AnsweredSoFar> of(long run, String step, ModelOpened opened) {
        return outputs.forPartitions(run, step, PinnedInference.class).flatMap(pinned -> {
            InferenceUsage work = outputs.ofPartitions(run, step, InferenceUsage.class)
                    .reduce(InferenceUsage.NONE, InferenceUsage::plus);
            AnswerCounts counts = work.answers();
            if (work.batches() == 0 && (counts == null || counts.rows() == 0)) {
                return Optional.empty();
            }
            boolean rejected = counts != null && !counts.reasons().isEmpty();
            return Optional.of(new AnsweredSoFar(
                    opened.usedModel(),
                    rejected
                            ? pinned.options()
                                    .result()
                                    .folder()
                                    .child(ShardItemWriter.REJECTS)
                                    .toString()
                            : null,
                    work.tokens(),
                    work.padding(),
                    work.batches(),
                    work.truncated() > 0 ? work.truncated() : null,
                    work.seconds(),
                    counts == null ? null : counts.distributions(),
                    counts == null ? List.of() : counts.rejectReasons()));
        });
    }
}
