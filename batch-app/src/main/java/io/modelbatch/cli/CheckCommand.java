package io.modelbatch.cli;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.JobFileException;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.launch.CheckJob.CheckedJob;
import io.modelbatch.launch.CheckJob.Finding;
import io.modelbatch.run.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Checks that a job can run here: credentials, query, buckets, model, device. Checks all jobs if none is named.")
final class CheckCommand implements Callable<Integer> {
    private final Settings settings;
    private final StepTypes types;
    private final Function<Settings, Services> application;
    private final List<Finding> findings = new ArrayList<>();
    private final List<CheckedJob> jobs = new ArrayList<>();

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "job=NAME [parameter=value ...]", arity = "0..*")
    private List<String> words = List.of();

    @Option(names = "--json", description = "as JSON: subject, state, detail of each finding")
    private boolean json;

    CheckCommand(Settings settings, StepTypes types, Function<Settings, Services> application) {
        this.settings = settings;
        this.types = types;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        List<JobFiles.Read> files = new JobFiles(settings.jobs()).read(types);
        if (files.isEmpty()) {
            throw new UsageException("No jobs: there is no NAME.yaml in " + settings.jobs());
        }
        if (words.isEmpty()) {
            for (JobFiles.Read file : files) {
                readJob(file.name(), Map.of());
            }
        } else {
            JobCommand command = JobCommand.parse(words);
            readJob(command.job(), command.parameters());
        }
        look();
        print(spec.commandLine().getOut());
        return (problems() == 0 ? ExitCode.COMPLETED : ExitCode.USAGE).code();
    }

    /** A job that lacks a parameter which has no default cannot be looked at without its value. */
    private void readJob(String name, Map<String, String> parameters) throws IOException {
        try {
            JobFile file = new JobFiles(settings.jobs()).parse(name, types);
            JobSpec job = file.resolve(parameters, Clock.systemUTC());
            jobs.add(new CheckedJob(job, file.notifications()));
            findings.add(Finding.ok("job " + name, steps(job)));
            if (new SampleShop(settings).isMissingFor(name)) {
                findings.add(Finding.problem(
                        "sample of job " + name,
                        "some of its tables and its model are missing. The first run of the job writes them, and so does: "
                                + settings.command(List.of("init")).text()));
            }
        } catch (JobFileException e) {
            findings.add(Finding.problem("job " + name, String.valueOf(e.getMessage())));
        }
    }

    private static String steps(JobSpec job) {
        return String.join(", ", job.steps().stream().map(step -> step.name()).toList());
    }

    /** Runs the checks. A problem of the settings or the job repository is a finding like any other, but ends them. */
    private void look() {
        try (Services services = application.apply(settings)) {
            findings.addAll(services.checkJob().check(jobs));
        } catch (UsageException e) {
            String.valueOf(e.getMessage()).lines().forEach(line -> findings.add(Finding.problem("settings", line)));
        } catch (RuntimeException e) {
            Optional<String> disk = settings.localFolders().diskFailure(e);
            if (disk.isPresent()) {
                findings.add(Finding.problem("disk space", disk.get()));
                return;
            }
            RepositoryFailure failure =
                    RepositoryFailure.of(e, settings.repository()).orElseThrow(() -> e);
            findings.add(Finding.problem("job repository", failure.message()));
        }
    }

    private long problems() {
        return findings.stream()
                .filter(finding -> finding.state() == Finding.State.PROBLEM)
                .count();
    }

    private void print(PrintWriter out) {
        if (json) {
            out.println(Json.text(findings.stream().map(CheckCommand::fields).toList()));
        } else {
            Stream.of(Finding.State.OK, Finding.State.PROBLEM)
                    .flatMap(state -> findings.stream().filter(finding -> finding.state() == state))
                    .forEach(finding -> out.println(lines(finding)));
            out.println(
                    problems() == 0
                            ? "No problems found."
                            : "%d of %d checks found a problem.".formatted(problems(), findings.size()));
        }
        out.flush();
    }

    private static Map<String, String> fields(Finding finding) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("subject", finding.subject());
        fields.put("state", finding.state().name().toLowerCase(java.util.Locale.ROOT));
        fields.put("detail", finding.detail());
        return fields;
    }

    private static String lines(Finding finding) {
        boolean isOk = finding.state() == Finding.State.OK;
        List<String> lines =
                (finding.subject() + ": " + finding.detail()).lines().toList();
        String text = IntStream.range(0, lines.size())
                .mapToObj(i -> LineWrap.items(
                        i == 0 ? "  " : "    ", List.of(lines.get(i).split(" ")), " ", width()))
                .collect(Collectors.joining("\n"));
        return CommandLine.Help.Ansi.AUTO.string(isOk ? "@|green ✔|@" : "@|red ✘|@") + text.substring(1);
    }

    private static int width() {
        return Terminal.isThere() ? Terminal.columns() : Integer.MAX_VALUE;
    }
}
