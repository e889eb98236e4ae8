package io.modelbatch.kubernetes;

import io.modelbatch.kubernetes.Workers.Scaling;
import io.modelbatch.warehouse.ExtractOptions;
import java.util.ArrayList;
import java.util.List;

/**
 * Sentences for the reader of the files: steps to take first, and surprises.
 *
 * @param deployment the job, and how it shall run
 */
record Notes(Deployment deployment) {
    /** On Kubernetes. */
    List<String> withCluster() {
        String job = deployment.job().name();
        List<String> notes = new ArrayList<>();
        if (hasNoSchedule()) {
            notes.add("The job file has no schedule, so the CronJob is suspended. Start it with:"
                    + " kubectl create job --from=cronjob/" + job + " " + job + "-1");
        }
        notes.addAll(anywhere());
        deployment
                .workers()
                .filter(workers -> workers.scaling() == Scaling.INDEXED_JOB)
                .ifPresent(workers -> notes.addAll(withoutKeda()));
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

    /** On Google Cloud, without Kubernetes. */
    List<String> withoutCluster() {
        List<String> notes = new ArrayList<>();
        if (hasNoSchedule()) {
            notes.add("The job file has no schedule, so the entry of Cloud Scheduler is paused. Start it with:"
                    + " gcloud scheduler jobs run " + deployment.job().name()
                    + " --project=$PROJECT --location=$REGION");
        }
        notes.addAll(anywhere());
        if (!deployment.google().mounts().isEmpty()) {
            notes.add(
                    "Buckets are used by the API of Cloud Storage there: the settings of mounted buckets are left out");
        }
        return notes;
    }

    private List<String> anywhere() {
        List<String> notes = new ArrayList<>();
        Deadlines deadlines = Deadlines.of(deployment.job());
        if (deadlines.areShort()) {
            notes.add("The schedule leaves a run " + deadlines.attempts().toMinutes()
                    + " minutes: its date depends on the day, so all attempts end on the day of the first."
                    + " Schedule the job earlier in the day");
        }
        deployment.workers().ifPresent(workers -> notes.addAll(about(workers)));
        if (deployment.workers().isEmpty() && deployment.machine().fallsBack()) {
            notes.add(
                    "resources.spot.fallback-after counts lost workers, and there are none. Ask for them with --workers");
        }
        return notes;
    }

    private List<String> about(Workers workers) {
        int partitions = deployment.job().options(ExtractOptions.class).stream()
                .mapToInt(ExtractOptions::partitions)
                .max()
                .orElse(1);
        int each = deployment.machine().partitions();
        int busy = (partitions + each - 1) / each;
        return busy < workers.most()
                ? List.of("A worker executes " + each + " partitions at a time, and the rows have "
                        + partitions + ": " + busy + " of " + workers.most()
                        + " workers would have work. Raise 'partitions' of the step extract")
                : List.of();
    }

    private List<String> withoutKeda() {
        List<String> notes = new ArrayList<>();
        if (deployment.machine().fallsBack()) {
            notes.add("Only KEDA starts workers on demand after lost ones, as resources.spot.fallback-after asks."
                    + " Without it the run keeps to Spot machines");
        }
        if (hasNoSchedule()) {
            notes.add("The CronJob of the workers is suspended, too. Start it with the job");
        }
        return notes;
    }

    private boolean hasNoSchedule() {
        return deployment.job().schedule() == null;
    }
}
