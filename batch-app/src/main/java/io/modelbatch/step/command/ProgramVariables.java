package io.modelbatch.step.command;

import io.modelbatch.base.Remedy;
import io.modelbatch.extension.JobStep;
import io.modelbatch.extension.StepSpec;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.process.InheritedVariables;
import io.modelbatch.step.StepKit;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.springframework.batch.core.step.StepExecution;

/**
 * The environment variables of a program: a few that every program needs, those that the job file names, and what the program is told of its run.
 *
 * @param place the environment
 * @param types tell the addresses of earlier results
 * @param store tells where these are on this machine
 */
record ProgramVariables(ProgramPlace place, StepTypes types, ObjectStore store) {
    /**
     * Python's libraries of Hugging Face then open models and data sets from files alone, as the steps of Modelbatch do, and report their use to
     * nobody.
     */
    private static final Map<String, String> OFFLINE = Map.of(
            "HF_HUB_OFFLINE", "1",
            "TRANSFORMERS_OFFLINE", "1",
            "HF_DATASETS_OFFLINE", "1",
            "HF_HUB_DISABLE_TELEMETRY", "1",
            "DO_NOT_TRACK", "1");

    /** All of a step but what differs from attempt to attempt. */
    Map<String, String> of(JobStep<?> step, StepExecution execution, ProgramOptions options) {
        Map<String, String> variables = new TreeMap<>(OFFLINE);
        verifyInherited(options);
        variables.putAll(InheritedVariables.of(options.inherit(), System::getenv));
        variables.put("MODELBATCH_ENVIRONMENT", place.environment());
        place.project().ifPresent(project -> variables.put("MODELBATCH_PROJECT", project));
        variables.put("MODELBATCH_JOB", step.job());
        variables.put("MODELBATCH_RUN", StepKit.runName(execution));
        variables.put("MODELBATCH_STEP", step.name());
        step.steps().stream()
                .takeWhile(earlier -> !earlier.equals(step.step()))
                .forEach(earlier -> result(variables, earlier));
        variables.putAll(options.environment());
        return variables;
    }

    /** The folders in which programs are looked for. */
    static String path(ProgramOptions options) {
        String own = System.getenv("PATH");
        return options.environment().getOrDefault("PATH", own == null ? "" : own);
    }

    /** Refuses names of variables that are to be inherited and are not there. */
    static void verifyInherited(ProgramOptions options) {
        List<String> missing = options.inherit().stream()
                .filter(name -> System.getenv(name) == null)
                .toList();
        if (!missing.isEmpty()) {
            throw new ProgramException(
                    "'inherit' names " + String.join(", ", missing)
                            + ", which is not set in the environment of Modelbatch. Set it where Modelbatch is started",
                    Remedy.CHANGE);
        }
    }

    private void result(Map<String, String> variables, StepSpec earlier) {
        types.written(earlier).stream().findFirst().ifPresent(address -> {
            ObjectUri uri = ObjectUri.parse(address);
            String name =
                    "MODELBATCH_" + earlier.name().toUpperCase(Locale.ROOT).replace('-', '_');
            variables.put(name + "_URI", uri.toString());
            store.localPath(uri)
                    .ifPresent(path ->
                            variables.put(name + "_PATH", path.toAbsolutePath().toString()));
        });
    }
}
