package io.modelbatch.cli;

import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.launch.ExitCode;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "list", mixinStandardHelpOptions = true, description = "The jobs and what they do.")
final class ListCommand implements Callable<Integer> {
    private final Settings settings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "as JSON")
    private boolean json;

    ListCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() {
        List<JobFile> jobs = jobs();
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(jobs.stream()
                    .map(job -> Map.of("job", job.name(), "description", description(job)))
                    .toList()));
        } else {
            int width = jobs.stream().mapToInt(job -> job.name().length()).max().orElse(0);
            jobs.forEach(job -> out.printf("%-" + width + "s  %s%n", job.name(), description(job)));
        }
        return ExitCode.COMPLETED.code();
    }

    private List<JobFile> jobs() {
        JobFiles files = new JobFiles(settings.jobs());
        return files.names().stream().map(files::parse).toList();
    }

    private static String description(JobFile job) {
        return Objects.requireNonNullElse(job.description(), "");
    }
}
