package io.modelbatch.kubernetes;

import java.util.List;

/**
 * The process that owns a run.
 *
 * @param arguments of the process
 * @param machine that it runs on
 */
record ManagerProcess(List<String> arguments, Machine machine) {
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
}
