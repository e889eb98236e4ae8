package io.modelbatch.cli;

import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.launch.StartRun.WhenComplete;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = RunCommand.NAME, hidden = true, description = "Runs a job.")
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";
    private static final String JOB = "job";
    private static final String AGAIN = "again";

    private final Settings settings;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME=VALUE")
    private List<String> words = List.of();

    RunCommand(Settings settings, Function<Settings, Services> application) {
        this.settings = settings;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        Map<String, String> assignments = assignments();
        String name = Objects.requireNonNull(assignments.remove(JOB), "a run has a job");
        WhenComplete whenComplete = whenComplete(assignments.remove(AGAIN));
        PrintWriter out = spec.commandLine().getOut();
        if (Files.notExists(settings.localHome())) {
            new SampleShop(settings).writeMissing();
        }
        JobFile file = new JobFiles(settings.jobs()).parse(name);
        JobSpec job = file.resolve(assignments, Clock.systemUTC());
        String command = settings.command(words);
        try (Services services = application.apply(settings);
                RunOutput output = RunOutput.create(out, command)) {
            RunOutcome outcome = services.startRun().start(job, whenComplete, output);
            output.ended(outcome);
            return outcome.exit().code();
        }
    }

    private Map<String, String> assignments() {
        Map<String, String> assignments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + word + "' is not NAME=VALUE; a run is job=NAME [parameter=value ...]");
            }
            if (assignments.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new UsageException("'" + word.substring(0, equals) + "' is given twice");
            }
        }
        return assignments;
    }

    private static WhenComplete whenComplete(@Nullable String again) {
        if (again == null || again.equals("false")) {
            return WhenComplete.REPORT;
        }
        if (again.equals("true")) {
            return WhenComplete.RUN_AGAIN;
        }
        throw new UsageException("again=" + again + " is neither again=true nor again=false");
    }
}
