package io.modelbatch.cli;

import io.modelbatch.launch.ExitCode;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "init",
        mixinStandardHelpOptions = true,
        description =
                "Writes the sample shop: job files, receipt lines and a small model. Changes no file that is there.")
final class InitCommand implements Callable<Integer> {
    private final Settings settings;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    InitCommand(Settings settings) {
        this.settings = settings;
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        new SampleShop(settings).writeMissing().forEach(folder -> out.println("Wrote " + folder));
        out.println("Next: java -jar batch.jar job=train");
        return ExitCode.COMPLETED.code();
    }
}
