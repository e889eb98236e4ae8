package io.modelbatch.kubernetes;

import io.modelbatch.kubernetes.Workers.Scaling;
import io.modelbatch.warehouse.ExtractOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Sentences for the reader of the manifests: steps to take first, and surprises.
 *
 * @param deployment the job, and how it shall run
 */
record Notes(Deployment deployment) {
    List<String> all() {
        String job = deployment.job().name();
        List<String> notes = new ArrayList<>();
        if (deployment.job().schedule() == null) {
            notes.add("The job file has no schedule, so the CronJob is suspended. Start it with:"
                    + " kubectl create job --from=cronjob/" + job + " " + job + "-1");
        } else if (Deadlines.of(deployment.job()).areShort()) {
            notes.add("The schedule leaves a run "
                    + Deadlines.of(deployment.job()).attempts().toMinutes()
                    + " minutes: its date depends on the day, so all attempts end on the day of the first."
                    + " Schedule the job earlier in the day");
        }
        deployment.workers().ifPresent(workers -> notes.addAll(about(workers)));
        if (deployment.workers().isEmpty() && hasFallback()) {
            notes.add(
                    "resources.spot.fallback-after counts lost workers, and there are none. Ask for them with --workers");
        }
        if (deployment.image().isEmpty()) {
            notes.add("The pods have the image 'modelbatch'. Name yours with --image");
        }
        List<String> missing = deployment.google().missing();
        if (!missing.isEmpty()) {
            notes.add(
                    "The overlay gke lacks settings that a run on Google Cloud needs. Set these variables, then repeat the"
                            + " command: " + String.join(", ", missing));
        }
        return notes;
    }

    private List<String> about(Workers workers) {
        List<String> notes = new ArrayList<>();
        int partitions = deployment.job().options(ExtractOptions.class).stream()
                .mapToInt(ExtractOptions::partitions)
                .max()
                .orElse(1);
        int each = deployment.machine().partitions();
        int busy = (partitions + each - 1) / each;
        if (busy < workers.most()) {
            notes.add("A worker executes " + each + " partitions at a time, and the rows have "
                    + partitions + ": " + busy + " of " + workers.most()
                    + " workers would have work. Raise 'partitions' of the step extract");
        }
        if (workers.scaling() == Scaling.INDEXED_JOB) {
            if (hasFallback()) {
                notes.add("Only KEDA starts workers on demand after lost ones, as resources.spot.fallback-after asks");
            }
            if (deployment.job().schedule() == null) {
                notes.add("The CronJob of the workers is suspended, too. Start it with the job");
            }
        }
        return notes;
    }

    private boolean hasFallback() {
        return deployment
                .machine()
                .spot()
                .map(spot -> spot.fallbackAfter() != null)
                .orElse(false);
    }
}
