package io.modelbatch.step.transfer;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.facts.Transferred;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectExistsException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.Transfers;
import io.modelbatch.store.UploadOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.springframework.batch.core.step.Step;

/** {@code upload}: copies a file or a folder of this machine into a bucket. */
final class UploadSteps implements StepFactory<UploadOptions> {
    private final StepKit kit;
    private final ObjectStore store;

    UploadSteps(StepKit kit, ObjectStore store) {
        this.kit = kit;
        this.store = store;
    }

    @Override
    public Step create(JobStep<UploadOptions> step) {
        return kit.single(step.name(), execution -> {
            UploadOptions options = step.options();
            ObjectUri target = options.target();
            StopRequest stop = kit.run(execution).stop();
            List<StoredObject> objects = upload(options, target, stop);
            stop.checkInterrupted(execution);
            execution.setReadCount(objects.size());
            execution.setWriteCount(objects.size());
            kit.result(
                    execution,
                    new Transferred(
                            objects.size(),
                            objects.stream().mapToLong(StoredObject::bytes).sum(),
                            target.toString()));
        });
    }

    /** The checks. Files may be made by an earlier step, so only writing to the bucket is tried. */
    @Override
    public List<Check> checks(JobStep<UploadOptions> step) {
        ObjectUri folder = ObjectUri.parse(step.options().to()).folder();
        return List.of(
                step.options().overwrite()
                        ? CommonChecks.writable(store, folder)
                        : CommonChecks.addable(store, folder));
    }

    private List<StoredObject> upload(UploadOptions options, ObjectUri target, StopRequest stop) throws IOException {
        Transfers transfers = Transfers.with(store).goingOnWhile(() -> !stop.requested());
        try {
            return (options.overwrite() ? transfers.overwriting() : transfers).upload(Path.of(options.from()), target);
        } catch (ObjectExistsException e) {
            throw new StepFailedException(
                    options.overwrite()
                            ? String.valueOf(e.getMessage())
                            : e.getMessage() + ". 'overwrite: true' replaces it, another 'to' keeps both");
        }
    }
}
