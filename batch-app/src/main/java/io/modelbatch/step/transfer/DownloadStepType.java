package io.modelbatch.step.transfer;

import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.DownloadOptions;
import io.modelbatch.store.ObjectStore;
import java.util.List;

/** {@code download}: copies objects to this machine. */
public final class DownloadStepType implements StepType<DownloadOptions> {
    static final String KEY = "download";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<DownloadOptions> options() {
        return DownloadOptions.class;
    }

    @Override
    public String description() {
        return "objects as files of this machine";
    }

    @Override
    public List<StepResult> results() {
        return List.of(
                StepResult.ofOption("uri", "to", "the option `to`, a path of the machine"),
                new StepResult("files", "number of the files"),
                new StepResult("bytes", "their length, all together"));
    }

    @Override
    public StepFactory<DownloadOptions> factory(StepServices services) {
        return new DownloadSteps(
                services.get(StepKit.class), services.get(ObjectStore.class), services.get(StepTypes.class));
    }
}
