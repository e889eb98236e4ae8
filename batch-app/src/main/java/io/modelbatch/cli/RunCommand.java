package io.modelbatch.cli;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.launch.RunRequest;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = RunCommand.NAME, hidden = true, description = "Runs a job.")
final class RunCommand implements Callable<Integer> {
    static final String NAME = "run";

    private final Settings settings;
    private final StepTypes types;
    private final Function<Settings, Services> application;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Parameters(paramLabel = "NAME=VALUE")
    private List<String> words = List.of();

    RunCommand(Settings settings, StepTypes types, Function<Settings, Services> application) {
        this.settings = settings;
        this.types = types;
        this.application = application;
    }

    @Override
    public Integer call() throws IOException {
        JobCommand command = JobCommand.parse(words);
        new SampleShop(settings).writeForFirstRun(command.job());
        RunRequest request = command.request(settings, types);
        // The output first: to start the application takes seconds.
        try (RunOutput output = RunOutput.create(spec.commandLine().getOut(), settings);
                Services services = application.apply(settings)) {
            return JobCommand.run(request, services, output);
        }
    }
}
