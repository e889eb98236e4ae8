package io.modelbatch.cli;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.run.ExitCode;
import io.modelbatch.yaml.Problem;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

@Command(name = "list", mixinStandardHelpOptions = true, description = "Lists the jobs and their descriptions.")
final class ListCommand implements Callable<Integer> {
    private final Settings settings;
    private final StepTypes types;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Option(names = "--json", description = "as JSON: job and description, or the problems of a job file")
    private boolean json;

    ListCommand(Settings settings, StepTypes types) {
        this.settings = settings;
        this.types = types;
    }

    /** Jobs that can be read are listed though others cannot. */
    @Override
    public Integer call() {
        List<JobFiles.Read> files = new JobFiles(settings.jobs()).read(types);
        if (files.isEmpty()) {
            throw new UsageException(
                    "No jobs: there is no NAME.yaml in " + settings.jobs() + ". A sample to begin with: "
                            + settings.command(List.of("init")).text());
        }
        PrintWriter out = spec.commandLine().getOut();
        if (json) {
            out.println(Json.text(files.stream().map(ListCommand::fields).toList()));
        } else {
            List<JobFile> jobs = files.stream()
                    .map(JobFiles.Read::job)
                    .flatMap(Optional::stream)
                    .toList();
            int width = jobs.stream().mapToInt(job -> job.name().length()).max().orElse(0);
            jobs.forEach(job -> out.println(("%-" + Math.max(1, width) + "s  %s")
                    .formatted(job.name(), description(job))
                    .stripTrailing()));
            out.flush();
            files.stream()
                    .flatMap(file -> file.problems().stream())
                    .forEach(spec.commandLine().getErr()::println);
        }
        boolean whole = files.stream().allMatch(file -> file.problems().isEmpty());
        return (whole ? ExitCode.COMPLETED : ExitCode.USAGE).code();
    }

    private static Map<String, Object> fields(JobFiles.Read file) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("job", file.name());
        file.job().ifPresent(job -> fields.put("description", description(job)));
        if (!file.problems().isEmpty()) {
            fields.put(
                    "problems", file.problems().stream().map(Problem::toString).toList());
        }
        return fields;
    }

    private static String description(JobFile job) {
        return Objects.requireNonNullElse(job.description(), "");
    }
}
