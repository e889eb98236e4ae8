package io.modelbatch.step.transfer;

import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.UploadOptions;
import java.util.List;
import java.util.Set;

/** {@code upload}: copies files of this machine into a bucket. */
public final class UploadStepType implements StepType<UploadOptions> {
    static final String KEY = "upload";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<UploadOptions> options() {
        return UploadOptions.class;
    }

    @Override
    public String description() {
        return "files of this machine in a bucket";
    }

    @Override
    public List<String> writes(UploadOptions options) {
        return List.of(options.to());
    }

    @Override
    public List<StepResult> results() {
        return List.of(
                StepResult.ofOption("uri", "to", "the option `to`"),
                new StepResult("files", "number of the files"),
                new StepResult("bytes", "their length, all together"));
    }

    @Override
    public Set<String> knownAtStart() {
        return Set.of("to");
    }

    @Override
    public StepFactory<UploadOptions> factory(StepServices services) {
        return new UploadSteps(services.get(StepKit.class), services.get(ObjectStore.class));
    }
}
