package io.modelbatch.step.command;

import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepFactory;
import io.modelbatch.extension.StepProblem;
import io.modelbatch.extension.StepResult;
import io.modelbatch.extension.StepServices;
import io.modelbatch.extension.StepType;
import io.modelbatch.step.StepKit;
import io.modelbatch.step.Workspaces;
import io.modelbatch.store.ObjectStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.springframework.core.env.Environment;

/** {@code notebook}: executes a Jupyter notebook with papermill. */
public final class NotebookStepType implements StepType<NotebookOptions> {
    static final String KEY = "notebook";
    /** papermill makes an assignment of each. */
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    @Override
    public String key() {
        return KEY;
    }

    @Override
    public Class<NotebookOptions> options() {
        return NotebookOptions.class;
    }

    @Override
    public String description() {
        return "a notebook, executed";
    }

    @Override
    public List<String> writes(NotebookOptions options) {
        return options.program().outputs().written();
    }

    @Override
    public List<StepProblem> problems(StepDraft<NotebookOptions> draft) {
        NotebookOptions options = draft.options();
        List<StepProblem> problems = new ArrayList<>(ProgramProblems.of(draft, options.program()));
        if (!options.notebook().endsWith(".ipynb") && !options.notebook().contains("${")) {
            problems.add(draft.problem("notebook", "must be a notebook, a file whose name ends in .ipynb"));
        }
        options.parameters().keySet().stream()
                .filter(name -> !VARIABLE.matcher(name).matches())
                .forEach(name -> problems.add(draft.problem(
                        "parameters",
                        "has '" + name + "', which is not a variable's name: letters, digits and _, no digit first")));
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
    public StepFactory<NotebookOptions> factory(StepServices services) {
        return new NotebookSteps(
                services.get(StepKit.class),
                services.get(RunProgram.class),
                services.get(ObjectStore.class),
                NotebookPlace.of(services.get(Environment.class), services.get(Workspaces.class)));
    }
}
