package io.modelbatch.cli;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.launch.RunRequest.Again;
import io.modelbatch.launch.RunRequest.Changes;
import io.modelbatch.run.RunSummary;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "restart",
        mixinStandardHelpOptions = true,
        description = "Resumes an unfinished run, as the command that started it does.")
final class RestartCommand implements Callable<Integer> {
    private static final Set<String> FINISHED = Set.of("COMPLETED", "ABANDONED");

    private final Settings settings;
    private final StepTypes types;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "RUN", description = "a run's name, as status prints it")
    private String run = "";

    RestartCommand(Settings settings, StepTypes types, Function<Settings, Services> application) {
        this.settings = settings;
        this.types = types;
        this.application = application;
    }

    @Override
    public Integer call() {
        try (Services services = application.apply(settings)) {
            RunSummary summary = RunMessages.find(run, services.catalog());
            if (FINISHED.contains(summary.status())) {
                throw new UsageException(
                        run + " is " + summary.status() + ": nothing is left to do. To start a new run: "
                                + settings.resume(summary.job(), summary.parameters())
                                        .again()
                                        .text());
            }
            JobCommand command =
                    new JobCommand(summary.job(), summary.parameters(), Again.RESUME, Changes.REFUSE, Duration.ZERO);
            try (RunOutput output = RunOutput.create(spec.commandLine().getOut(), settings)) {
                return JobCommand.run(command.request(settings, types), services, output);
            }
        }
    }
}
