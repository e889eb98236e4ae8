package io.modelbatch.step.command;

import io.modelbatch.extension.StepDraft;
import io.modelbatch.extension.StepProblem;
import java.nio.file.FileSystems;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** The problems of {@link ProgramOptions} that annotations cannot express. */
public final class ProgramProblems {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern INPUT = Pattern.compile("[A-Za-z0-9_-][A-Za-z0-9_.-]{0,59}");
    private static final String OURS = "MODELBATCH_";

    private ProgramProblems() {}

    /** All of a step. */
    public static List<StepProblem> of(StepDraft<?> draft, ProgramOptions options) {
        List<StepProblem> problems = new ArrayList<>();
        options.environment().keySet().forEach(name -> variable(draft, "environment", name, problems));
        options.inherit().forEach(name -> variable(draft, "inherit", name, problems));
        options.inherit().stream()
                .filter(options.environment()::containsKey)
                .forEach(name -> problems.add(draft.problem(
                        "inherit", "names '" + name + "', which 'environment' sets; remove one of them")));
        if (options.retry().retries() > 0 && options.retry().retryOn().isEmpty()) {
            problems.add(draft.problem(
                    "retries", "has no effect without 'retry-on', the list of exit codes that are worth a retry"));
        }
        if (!options.outputs().files().isEmpty() && options.outputs().outputs() == null) {
            problems.add(draft.problem("files", "has no effect without 'outputs', the folder that receives the files"));
        }
        options.input().inputs().keySet().stream()
                .filter(name -> !INPUT.matcher(name).matches())
                .forEach(
                        name -> problems.add(
                                draft.problem(
                                        "inputs",
                                        "has '" + name
                                                + "', which is not a name for an input: letters, digits, '_', '.' and '-', no dot first")));
        options.outputs().files().forEach(pattern -> pattern(draft, pattern, problems));
        return problems;
    }

    private static void variable(StepDraft<?> draft, String key, String name, List<StepProblem> problems) {
        if (!NAME.matcher(name).matches()) {
            problems.add(draft.problem(
                    key, "has '" + name + "', which is not a variable's name: letters, digits and _, no digit first"));
        } else if (name.startsWith(OURS)) {
            problems.add(draft.problem(
                    key, "has '" + name + "'; names that begin with " + OURS + " are those of Modelbatch itself"));
        }
    }

    private static void pattern(StepDraft<?> draft, String pattern, List<StepProblem> problems) {
        try {
            FileSystems.getDefault().getPathMatcher("glob:" + pattern);
        } catch (PatternSyntaxException e) {
            problems.add(
                    draft.problem("files", "has '" + pattern + "', which is not a pattern: " + e.getDescription()));
            return;
        }
        if (pattern.startsWith("/") || List.of(pattern.split("/")).contains("..")) {
            problems.add(draft.problem(
                    "files", "has '" + pattern + "'; patterns are relative to the workspace and do not leave it"));
        }
    }
}
