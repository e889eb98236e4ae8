package io.modelbatch.step.transfer;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.facts.Transferred;
import io.modelbatch.run.StopRequest;
import io.modelbatch.step.CommonChecks;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.DownloadOptions;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.Transfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.springframework.batch.core.step.Step;

/** {@code download}: copies an object, or a folder of objects, to this machine. */
final class DownloadSteps implements StepFactory<DownloadOptions> {
    private final StepKit kit;
    private final ObjectStore store;
    private final StepTypes types;

    DownloadSteps(StepKit kit, ObjectStore store, StepTypes types) {
        this.kit = kit;
        this.store = store;
        this.types = types;
    }

    @Override
    public Step create(JobStep<DownloadOptions> step) {
        return kit.single(step.name(), execution -> {
            DownloadOptions options = step.options();
            StopRequest stop = kit.run(execution).stop();
            Path target = Path.of(options.to());
            if (options.intoFolder()) {
                Files.createDirectories(target);
            }
            List<Path> files = Transfers.with(store)
                    .goingOnWhile(() -> !stop.requested())
                    .download(ObjectUri.parse(options.from()), target);
            stop.checkInterrupted(execution);
            execution.setReadCount(files.size());
            execution.setWriteCount(files.size());
            kit.result(execution, new Transferred(files.size(), bytes(files), options.to()));
        });
    }

    /** The checks. Objects that an earlier step writes are not there yet, so they are not looked for. */
    @Override
    public List<Check> checks(JobStep<DownloadOptions> step) {
        return CommonChecks.existing(
                        store, types, step, ObjectUri.parse(step.options().from()))
                .stream()
                .toList();
    }

    private static long bytes(List<Path> files) throws IOException {
        long bytes = 0;
        for (Path file : files) {
            bytes += Files.size(file);
        }
        return bytes;
    }
}
