package io.modelbatch.cli;

import io.modelbatch.run.ExitCode;
import io.modelbatch.worker.WorkerEvent;
import io.modelbatch.worker.WorkerOptions;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(
        name = "worker",
        mixinStandardHelpOptions = true,
        description = {
            "Executes partitions of runs that other processes manage with --modelbatch.workers=remote or both.",
            "It needs the job repository, which is PostgreSQL, and the buckets; no job file. SIGTERM ends it within ten seconds."
        })
final class WorkerCommand implements Callable<Integer> {
    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--idle",
            paramLabel = "TIME",
            description = "ends when it had nothing to do for that long, such as 5m; without it, never")
    private @Nullable String idle;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "partitions that it executes at a time (2 for each device)")
    private @Nullable Integer partitions;

    @Option(
            names = "--max-workers",
            paramLabel = "N",
            description = "ends at once when that many workers with its kind of device are there")
    private @Nullable Integer mostWorkers;

    @Option(names = "--spot", description = "its machine may be taken away")
    private boolean spot;

    WorkerCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    private static Duration parsed(String time) {
        try {
            return DurationStyle.SIMPLE.parse(time);
        } catch (IllegalArgumentException e) {
            throw new UsageException("--idle=" + time + " is not a duration; write 30s, 5m or 2h");
        }
    }

    @Override
    public Integer call() throws InterruptedException {
        if ((partitions != null && partitions < 1) || (mostWorkers != null && mostWorkers < 1)) {
            throw new UsageException("--partitions and --max-workers are 1 or more");
        }
        Duration limit = idle == null ? null : parsed(idle);
        WorkerOptions options = new WorkerOptions(limit, partitions, mostWorkers, spot);
        settings.lacksPostgres("A worker").ifPresent(problem -> {
            throw new UsageException(problem);
        });
        Consumer<WorkerEvent> output = WorkerOutput.create(spec.commandLine().getOut(), settings);
        try (Services services =
                new PatientStart(settings.repository(), output).start(() -> application.apply(settings))) {
            ExitCode ended = services.worker().run(options, output);
            return ended.code();
        }
    }
}
