package io.modelbatch.kubernetes;

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
}
