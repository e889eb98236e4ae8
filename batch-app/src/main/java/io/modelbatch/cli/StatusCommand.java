package io.modelbatch.cli;

import io.modelbatch.launch.ExitCode;
import io.modelbatch.launch.RunSummary;
import java.io.PrintWriter;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "status", mixinStandardHelpOptions = true, description = "The newest runs and how far they are.")
final class StatusCommand implements Callable<Integer> {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneId.systemDefault());

    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "JOB", description = "only runs of this job")
    private @Nullable String job;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    StatusCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<RunSummary> runs = settings.hasRepository() ? newest() : List.of();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(runs));
        } else if (runs.isEmpty()) {
            out.println("No runs yet.");
        } else {
            runs.forEach(run -> print(run, out));
        }
        return ExitCode.COMPLETED.code();
    }

    private List<RunSummary> newest() {
        try (Services services = application.apply(settings)) {
            return services.catalog().newest(job);
        }
    }

    private static void print(RunSummary run, PrintWriter out) {
        String ended = run.ended() == null ? "" : " to " + TIME.format(run.ended());
        out.printf(
                "%s  %s  %s%s%s%n",
                run.run(), run.status(), TIME.format(run.started()), ended, Closing.assignments(run.parameters()));
        if (run.pruned() != null) {
            out.println("  pruned " + TIME.format(run.pruned()) + ": its pinned rows, logs and report are removed");
        }
        for (RunSummary.StepSummary step : run.steps()) {
            out.printf(
                    "  %-12s %-10s %,12d rows%s%s%s%n",
                    step.name(),
                    step.status(),
                    step.rows(),
                    Closing.rejected(step),
                    step.partitions() == 1 ? "" : ", %d partitions".formatted(step.partitions()),
                    step.restarts() == 0 ? "" : ", restarted " + step.restarts() + "×");
        }
    }
}
