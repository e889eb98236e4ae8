package io.modelbatch.cli;

import io.modelbatch.jobspec.JobFileException;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.launch.CheckJob.Finding;
import io.modelbatch.launch.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "check",
        mixinStandardHelpOptions = true,
        description =
                "Whether a job could run here: credentials, query, buckets, model, device. All jobs if none is named.")
final class CheckCommand implements Callable<Integer> {
    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "job=NAME [parameter=value ...]", arity = "0..*")
    private List<String> words = List.of();

    CheckCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        if (Files.notExists(settings.localHome())) {
            new SampleShop(settings).writeMissing();
        }
        List<Finding> findings = new ArrayList<>();
        List<JobSpec> jobs = new ArrayList<>();
        if (words.isEmpty()) {
            new JobFiles(settings.jobs()).names().forEach(name -> add(name, Map.of(), jobs, findings));
        } else {
            JobCommand command = JobCommand.parse(words);
            add(command.job(), command.parameters(), jobs, findings);
        }
        try (Services services = application.apply(settings)) {
            findings.addAll(services.checkJob().check(jobs));
        }
        PrintWriter out = spec.commandLine().getOut();
        findings.forEach(finding -> out.println(line(finding)));
        out.flush();
        boolean fine = findings.stream().allMatch(finding -> finding.state() == Finding.State.OK);
        return (fine ? ExitCode.COMPLETED : ExitCode.USAGE).code();
    }

    private void add(String name, Map<String, String> parameters, List<JobSpec> jobs, List<Finding> findings) {
        try {
            JobSpec job = new JobFiles(settings.jobs()).parse(name).resolve(parameters, Clock.systemUTC());
            jobs.add(job);
            findings.add(
                    new Finding("job " + name, Finding.State.OK, job.steps().size() + " steps"));
        } catch (JobFileException e) {
            findings.add(new Finding("job " + name, Finding.State.PROBLEM, String.valueOf(e.getMessage())));
        }
    }

    private static String line(Finding finding) {
        String mark = finding.state() == Finding.State.OK ? "ok       " : "PROBLEM  ";
        return mark + finding.subject() + ": " + finding.detail();
    }
}
