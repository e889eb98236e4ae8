package io.modelbatch.step.command;

import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.step.StepKit;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** {@code command}: runs a program. */
public final class CommandStepType implements StepType<CommandOptions> {
    static final String KEY = "command";

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<CommandOptions> options() {
        return CommandOptions.class;
    }

    @Override
    public String description() {
        return "what a program of yours does";
    }

    @Override
    public List<String> writes(CommandOptions options) {
        return options.program().outputs().written();
    }

    @Override
    public List<StepProblem> problems(StepDraft<CommandOptions> draft) {
        List<StepProblem> problems =
                new ArrayList<>(ProgramProblems.of(draft, draft.options().program()));
        if (draft.options().run().isEmpty()) {
            problems.add(draft.problem("run", "is empty; the first item is the program, such as [python, train.py]"));
        } else if (draft.options().run().get(0).isBlank()) {
            problems.add(draft.problem("run", "begins with a blank text; the first item is the program"));
        }
        return problems;
    }

    @Override
    public List<StepResult> results() {
        return OutputOptions.RESULTS;
    }

    @Override
    public Set<String> knownAtStart() {
        return OutputOptions.KNOWN_AT_START;
    }

    @Override
    public StepFactory<CommandOptions> factory(StepServices services) {
        return new CommandSteps(services.get(StepKit.class), services.get(RunProgram.class));
    }
}
