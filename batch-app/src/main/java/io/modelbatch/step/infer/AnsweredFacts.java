package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.ComputeEngine;
import io.modelbatch.facts.Answered;
import io.modelbatch.facts.UsedModel;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.PrecisionTrial;
import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.result.Manifest;
import io.modelbatch.step.StepOutputs;
import io.modelbatch.step.rows.PublishResult;
import io.modelbatch.step.rows.ShardItemWriter;
import io.modelbatch.store.ObjectUri;
import java.util.List;
import java.util.Optional;
import org.springframework.batch.core.step.StepExecution;

/** The facts about the answers of a model: the result, the model, and what its partitions took. */
record AnsweredFacts(InferServices services, InferOptions options) implements PublishResult.ResultFacts {
    @Override
    public Answered of(StepExecution manager, Manifest manifest, ObjectUri folder) {
        StepOutputs outputs = services.kit().outputs();
        PinnedModel model = outputs.find(manager, PinnedModel.class).orElseThrow();
        InferenceUsage work =
                outputs.ofPartitions(manager, InferenceUsage.class).reduce(InferenceUsage.NONE, InferenceUsage::plus);
        Optional<AnswerCounts> counts = Optional.ofNullable(work.answers())
                .filter(answers -> answers.rows() == manifest.rows() + manifest.rejected());
        List<ComputeDevice> devices = services.models().devices(options);
        boolean rejected = manifest.rejected() > 0;
        return new Answered(
                manifest.rows(),
                manifest.shards().size(),
                folder.toString(),
                rejected ? manifest.rejected() : null,
                rejected ? folder.child(ShardItemWriter.REJECTS).toString() : null,
                new UsedModel(model.address(), model.fingerprint()),
                model.dtype().toString(),
                ProcessorPrecision.slower(model.dtype(), devices).orElse(null),
                Optional.ofNullable(model.trial()).map(AnsweredFacts::trial).orElse(null),
                work.tokens(),
                work.padding(),
                work.batches(),
                work.truncated() > 0 ? work.truncated() : null,
                work.seconds(),
                ComputeEngine.names(devices),
                counts.map(AnswerCounts::distributions).orElse(null),
                counts.map(AnswerCounts::rejectReasons).orElse(List.of()));
    }

    private static Answered.DtypeTrial trial(PrecisionTrial trial) {
        return new Answered.DtypeTrial(
                trial.tried().toString(),
                trial.rows(),
                InferenceUsage.rounded(trial.speedup()),
                trial.sameLabels(),
                InferenceUsage.rounded(trial.difference()));
    }
}
