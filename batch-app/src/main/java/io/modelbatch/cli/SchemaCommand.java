package io.modelbatch.cli;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.JobSchema;
import io.modelbatch.run.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "schema",
        mixinStandardHelpOptions = true,
        description = "Prints the JSON Schema of job files, for editors.")
final class SchemaCommand implements Callable<Integer> {
    private final StepTypes types;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    SchemaCommand(StepTypes types) {
        this.types = types;
    }

    @Override
    public Integer call() {
        spec.commandLine().getOut().println(JobSchema.json(types));
        return ExitCode.COMPLETED.code();
    }
}
