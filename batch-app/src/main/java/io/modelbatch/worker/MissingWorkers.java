package io.modelbatch.worker;

import com.google.common.base.Stopwatch;
import io.modelbatch.base.ByteSize;
import io.modelbatch.run.ProgramVersion;
import io.modelbatch.run.Run;
import io.modelbatch.step.rows.PartitionDemand;
import java.time.Duration;
import java.util.Set;

/** Tells that a dispatch waits, when no worker has taken one of its partitions for a minute: what a worker needs, and why others took none. */
final class MissingWorkers implements DispatchWatch {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final Dispatch dispatch;
    private final PartitionHistory history;
    private final WorkerRegister register;
    private final LostWorkers lost;
    private final Run run;
    private final Stopwatch sinceLastWorker = Stopwatch.createStarted();
    private boolean told;

    MissingWorkers(Dispatch dispatch, PartitionHistory history, WorkerRegister register, LostWorkers lost, Run run) {
        this.dispatch = dispatch;
        this.history = history;
        this.register = register;
        this.lost = lost;
        this.run = run;
    }

    @Override
    public void look(PartitionQueue.Load load) {
        if (load.executing() > 0) {
            sinceLastWorker.reset().start();
            told = false;
        } else if (load.open() > 0 && !told && sinceLastWorker.elapsed().compareTo(PATIENCE) > 0) {
            told = true;
            run.progress()
                    .stage(
                            dispatch.step(),
                            "waits for a worker: none has taken one of its " + load.open()
                                    + " partitions for a minute" + needs(dispatch.demand())
                                    + (lost.askedForOnDemand()
                                            ? ". Workers with --spot take none (resources.spot.fallback-after)"
                                            : "")
                                    + "; start one with: java -jar batch.jar worker"
                                    + ofOtherVersions(register.otherVersions())
                                    + history.refusal(dispatch)
                                            .map(refusal -> ". " + refusal)
                                            .orElse(""));
        }
    }

    /** In words, what a worker must have; empty when any will do. */
    private static String needs(PartitionDemand demand) {
        String memory = demand.memory() == 0 ? "" : new ByteSize(demand.memory()) + " of memory";
        if (demand.device() == PartitionDemand.Device.GPU) {
            return ". A worker needs a GPU" + (memory.isEmpty() ? "" : " with " + memory);
        }
        return memory.isEmpty() ? "" : ". A worker needs " + memory + " beside its Java heap";
    }

    /** In words, that workers are there which execute nothing of this run; empty without them. */
    private static String ofOtherVersions(Set<String> versions) {
        return versions.isEmpty()
                ? ""
                : ". Workers of version " + String.join(", ", versions)
                        + " are there, and execute no partition of this run: it began with version "
                        + ProgramVersion.text()
                        + ". Stop it and resume it with their version, or start workers of its version";
    }
}
