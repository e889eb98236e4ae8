package io.modelbatch.step.command;

import io.modelbatch.extension.Check;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.Target;
import io.modelbatch.step.StepKit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.batch.core.job.JobExecution;
import org.springframework.batch.core.step.Step;

/** {@code command}: runs a program. */
final class CommandSteps implements StepFactory<CommandOptions> {
    private final StepKit kit;
    private final RunProgram programs;

    CommandSteps(StepKit kit, RunProgram programs) {
        this.kit = kit;
        this.programs = programs;
    }

    @Override
    public Step create(JobStep<CommandOptions> step) {
        return kit.single(step.name(), execution -> programs.run(step, execution, program(step.options())));
    }

    @Override
    public List<Check> checks(JobStep<CommandOptions> step) {
        List<Check> checks = new ArrayList<>(List.of(programs.checks().of(step, program(step.options()))));
        checks.addAll(programs.checks().of(step, step.options().program()));
        return checks;
    }

    @Override
    public List<Target> targets(CommandOptions options) {
        return options.program().outputs().targets();
    }

    @Override
    public Set<String> adjustable() {
        return RunProgram.ADJUSTABLE;
    }

    @Override
    public void removeLeftovers(JobStep<CommandOptions> step, JobExecution complete) {
        programs.removeLeftovers(step, complete);
    }

    private static Program program(CommandOptions options) {
        return new Program(options.run(), Map.of(), options.program(), ProgramWork.PLAIN);
    }
}
