package io.modelbatch.cli;

import io.modelbatch.jobspec.JobSchema;
import io.modelbatch.launch.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "The JSON Schema of job files, for editors to complete them.")
final class SchemaCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec = CommandSpec.create();

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(JobSchema.json());
        return ExitCode.COMPLETED.code();
    }
}
