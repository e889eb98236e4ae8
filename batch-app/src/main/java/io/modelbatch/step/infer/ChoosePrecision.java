package io.modelbatch.step.infer;

import io.modelbatch.device.ComputeDevice;
import io.modelbatch.device.DeviceException;
import io.modelbatch.inference.InferOptions;
import io.modelbatch.inference.PrecisionTrial;
import io.modelbatch.inference.ProcessorPrecision;
import io.modelbatch.inference.TextModel;
import io.modelbatch.model.script.Precision;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.infer.SharedResources.Share;
import io.modelbatch.step.rows.StepInput;
import io.modelbatch.warehouse.RowBlock;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.core.job.JobInterruptedException;
import org.springframework.batch.core.step.StepExecution;

/**
 * Chooses the precision of a run: the one that the job file states, or the one that a trial with the first rows finds best on the devices of
 * this process.
 */
final class ChoosePrecision {
    /** Rows that a smaller type is tried on. */
    private static final int TRIED_ROWS = 256;

    private final InferServices services;
    private final InferOptions options;
    private final StopRequest stop;

    ChoosePrecision(InferServices services, InferOptions options, StopRequest stop) {
        this.services = services;
        this.options = options;
        this.stop = stop;
    }

    /**
     * A precision.
     *
     * @param trial the trial that chose it; null without a trial
     * @param model loaded in it; empty where nothing had to be loaded
     */
    record Chosen(Precision precision, @Nullable PrecisionTrial trial, Optional<Share<TextModel>> model) {
        static Chosen untried(Precision precision) {
            return new Chosen(precision, null, Optional.empty());
        }
    }

    Chosen choose(OpenModel model, StepInput input, StepExecution manager) throws IOException, JobInterruptedException {
        Optional<Precision> stated = options.dtype().stated();
        if (stated.isPresent()) {
            return Chosen.untried(stated.get());
        }
        List<ComputeDevice> devices = devices();
        Precision smaller = options.dtype().tried(devices);
        if (options.dtype() == InferOptions.DtypeChoice.AUTO
                && (!model.answering().precisions().contains(smaller)
                        || ProcessorPrecision.slower(smaller, devices).isPresent())) {
            return Chosen.untried(Precision.FLOAT32);
        }
        Optional<RowBlock> rows =
                input.first(services.rows(), manager, InferencePartitions.columns(options), TRIED_ROWS);
        return rows.isPresent() ? tryOut(model, smaller, rows.get()) : Chosen.untried(Precision.FLOAT32);
    }

    private List<ComputeDevice> devices() {
        try {
            return services.models().devices(options);
        } catch (DeviceException e) {
            throw new StepFailedException(
                    e.getMessage() + ". The dtype " + options.dtype().name().toLowerCase(Locale.ROOT)
                            + " is tried on the machine that manages the run; where workers have the device, name"
                            + " another one, such as bfloat16",
                    e);
        }
    }

    /** Of the two models the one that is not chosen is closed, and both when the trial does not come to its end. */
    private Chosen tryOut(OpenModel model, Precision smaller, RowBlock rows)
            throws IOException, JobInterruptedException {
        Share<TextModel> exact = services.models().load(model, Precision.FLOAT32, options);
        Share<TextModel> other = null;
        Share<TextModel> kept = null;
        try {
            other = services.models().load(model, smaller, options);
            PrecisionTrial trial = PrecisionTrial.of(
                            exact.value(),
                            other.value(),
                            smaller,
                            rows.column(options.text()),
                            InferencePartitions.pairs(options, rows),
                            stop::requested)
                    .orElseThrow(() -> new JobInterruptedException("stopped on request"));
            kept = trial.chosen() == smaller ? other : exact;
            return new Chosen(trial.chosen(), trial, Optional.of(kept));
        } finally {
            if (kept != exact) {
                exact.close();
            }
            if (other != null && kept != other) {
                other.close();
            }
        }
    }
}
