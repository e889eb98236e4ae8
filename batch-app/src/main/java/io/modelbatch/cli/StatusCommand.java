package io.modelbatch.cli;

import io.modelbatch.base.NearestName;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunSummary;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "status", mixinStandardHelpOptions = true, description = "Lists the newest runs and their progress.")
final class StatusCommand implements Callable<Integer> {
    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(arity = "0..1", paramLabel = "JOB|RUN", description = "only runs of this job, or this run")
    private @Nullable String name;

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    StatusCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() {
        List<RunSummary> runs = settings.hasRepository() ? runs() : List.of();
        if (runs.isEmpty()) {
            refuseUnknown();
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(runs.stream()
                    .map(run -> new RunStatus(run, settings.next(run)))
                    .toList()));
        } else if (runs.isEmpty()) {
            out.println(name == null ? "No runs yet." : "No runs of " + name + " yet.");
        } else {
            runs.forEach(run -> print(run, out));
        }
        return ExitCode.COMPLETED.code();
    }

    private List<RunSummary> runs() {
        try (Services services = application.apply(settings)) {
            RunCatalog catalog = services.catalog();
            List<RunSummary> runs = catalog.newest(name);
            return runs.isEmpty() && name != null ? catalog.find(name).stream().toList() : runs;
        }
    }

    /** A job that was never started has no runs; a name that is not a job either was mistyped. */
    private void refuseUnknown() {
        if (name == null) {
            return;
        }
        List<String> jobs = Files.isDirectory(settings.jobs()) ? new JobFiles(settings.jobs()).names() : List.of();
        if (!jobs.contains(name)) {
            throw new UsageException("There is no job or run '" + name + "'" + NearestName.hint(name, jobs)
                    + (jobs.isEmpty() ? "" : "\nJobs: " + String.join(", ", jobs)));
        }
    }

    private void print(RunSummary run, PrintWriter out) {
        String ended = run.ended() == null ? "" : " to " + RunMessages.time(run.ended());
        out.printf(
                "%s  %s  %s%s (%s)%s%n",
                run.run(),
                run.status(),
                RunMessages.time(run.started()),
                ended,
                RunMessages.elapsed(Duration.ofMillis((long) (1000 * run.seconds()))),
                RunResultText.assignments(run.parameters()));
        if (run.pruned() != null) {
            out.println(
                    "  pruned " + RunMessages.time(run.pruned()) + ": its pinned rows, logs and report are removed");
        }
        for (RunSummary.StepSummary step : run.steps()) {
            out.println(LineWrap.items(
                    "  %-12s %-10s".formatted(step.name(), step.status()), figures(step), "  ", width()));
        }
        if (run.isOpen()) {
            out.println(wrapped("  " + capitalized(RunMessages.process(run))));
        }
        if (run.cause() != null) {
            out.println(wrapped("  Cause: " + run.cause()));
        }
        String next = RunMessages.next(run, settings, "  ");
        if (!next.isEmpty()) {
            out.println(next);
        }
    }

    private static List<String> figures(RunSummary.StepSummary step) {
        List<String> figures = new ArrayList<>();
        figures.add("%,12d rows%s".formatted(step.rows(), RunResultText.rejected(step)));
        figures.add("%.1f s".formatted(step.seconds()));
        if (step.rows() > 0 && step.seconds() >= 1) {
            figures.add("%,.0f rows/s".formatted(step.rowsPerSecond()));
        }
        if (step.partitions() > 1) {
            figures.add("%d partitions".formatted(step.partitions()));
        }
        if (step.restarts() > 0) {
            figures.add("restarted " + step.restarts() + "×");
        }
        return figures;
    }

    private static String wrapped(String text) {
        return LineWrap.text(text, width());
    }

    /** Output into a file or to a program is not wrapped. */
    private static int width() {
        return Terminal.isThere() ? Terminal.columns() : Integer.MAX_VALUE;
    }

    private static String capitalized(String words) {
        return words.substring(0, 1).toUpperCase(Locale.ROOT) + words.substring(1);
    }
}
