package io.modelbatch.cli;

import io.modelbatch.telemetry.GoogleLog;
import io.modelbatch.telemetry.TraceParent;
import io.modelbatch.worker.WorkerEvent;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** Prints the events of a worker: sentences where a person looks, a JSON line per event elsewhere. */
final class WorkerOutput implements Consumer<WorkerEvent> {
    private final PrintWriter out;
    private final boolean terminal;
    private final EventFormat format;
    private final InstantSource clock;
    private String worker = "";

    WorkerOutput(PrintWriter out, boolean terminal, EventFormat format, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.format = format;
        this.clock = clock;
    }

    static WorkerOutput create(PrintWriter out, Settings settings) {
        Optional<GoogleLog> google = settings.googleLog();
        return new WorkerOutput(
                out, google.isEmpty() && Terminal.isThere(), EventFormat.of(google), InstantSource.system());
    }

    @Override
    public synchronized void accept(WorkerEvent event) {
        if (terminal) {
            out.println(words(event));
        } else {
            if (event instanceof WorkerEvent.Ready ready) {
                worker = ready.worker();
            }
            Map<String, Object> fields = Json.fields((Record) event);
            if (!worker.isEmpty()) {
                fields.put("worker", worker);
            }
            out.println(Json.line(format.line(clock.instant(), name(event), fields, TraceParent.currentTrace())));
        }
        out.flush();
    }

    private static String words(WorkerEvent event) {
        if (event instanceof WorkerEvent.Ready ready) {
            return "Worker %s takes partitions, %d at a time (%s). Ctrl-C gives them back and ends it."
                    .formatted(ready.worker(), ready.partitions(), ready.device());
        } else if (event instanceof WorkerEvent.Taken taken) {
            return "%s of %s: taken".formatted(taken.partition(), taken.run());
        } else if (event instanceof WorkerEvent.Ended ended) {
            return "%s of %s: %s, %,d rows in %.1f s"
                    .formatted(ended.partition(), ended.run(), ended.status(), ended.rows(), ended.seconds());
        } else if (event instanceof WorkerEvent.Refused refused) {
            return "%s of %s is left to other workers: %s".formatted(refused.step(), refused.run(), refused.reason());
        } else if (event instanceof WorkerEvent.Waiting waiting) {
            return waiting.reason();
        } else if (event instanceof WorkerEvent.Warning warning) {
            return warning.message();
        } else if (event instanceof WorkerEvent.NotNeeded full) {
            return "This worker is not needed: --max-workers=%d allows no other one with the device %s."
                    .formatted(full.workers(), full.device());
        } else if (event instanceof WorkerEvent.Idle idle) {
            return "Nothing to do for %s: the worker ends."
                    .formatted(RunMessages.elapsed(Duration.ofSeconds(idle.seconds())));
        }
        return "Stopping: the partitions are given back.";
    }

    private static String name(WorkerEvent event) {
        if (event instanceof WorkerEvent.Ready) {
            return "worker-ready";
        } else if (event instanceof WorkerEvent.Taken) {
            return "partition-taken";
        } else if (event instanceof WorkerEvent.Ended) {
            return "partition-ended";
        } else if (event instanceof WorkerEvent.Refused) {
            return "partitions-refused";
        } else if (event instanceof WorkerEvent.Waiting) {
            return "waiting";
        } else if (event instanceof WorkerEvent.Warning) {
            return "warning";
        } else if (event instanceof WorkerEvent.NotNeeded) {
            return "worker-not-needed";
        } else if (event instanceof WorkerEvent.Idle) {
            return "worker-idle";
        }
        return "stopping";
    }
}
