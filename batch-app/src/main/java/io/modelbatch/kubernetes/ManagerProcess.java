package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.List;

/**
 * The process that owns a run.
 *
 * @param arguments of the process
 * @param machine that it runs on
 */
record ManagerProcess(List<String> arguments, Machine machine) {
    /** Longer than a killed process holds its run. */
    private static final String PATIENCE = "wait=1m";

    /** Without workers it computes all of the run. With workers its machine stays, and has no GPU where it only waits for them. */
    static ManagerProcess of(Deployment deployment) {
        String word = "job=" + deployment.job().name();
        if (deployment.workers().isEmpty()) {
            return new ManagerProcess(List.of(word), deployment.machine());
        }
        boolean onlyWaits = deployment.machine().gpu().isPresent() && Workers.doAllTheComputing(deployment.job());
        return new ManagerProcess(
                List.of(word, "--modelbatch.workers=" + (onlyWaits ? "remote" : "both")),
                onlyWaits ? Machine.SMALL : deployment.machine().onDemand());
    }

    /** The same where the next attempt follows at once, without a pause that grows. */
    List<String> patientArguments() {
        List<String> patient = new ArrayList<>(arguments);
        patient.add(PATIENCE);
        return patient;
    }
}
