package io.modelbatch.cli;

import io.modelbatch.base.NearestName;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.run.ExitCode;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunSummary;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
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
            runs.forEach(run -> RunText.print(run, settings, out));
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
}
