package io.modelbatch.kubernetes;

import io.modelbatch.kubernetes.Workers.Scaling;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Objects that start the workers of a job.
 *
 * @param objects the other objects of the job
 * @param workers their number, and what starts them
 */
record WorkerObjects(JobObjects objects, Workers workers) {
    private static final String ENDING = "-workers";
    private static final String ENDING_ON_DEMAND = "-on-demand";

    /** The folder of the component. */
    String folder() {
        return "components/" + workers.scaling() + "-workers";
    }

    /** The objects by the names of their files. */
    Map<String, Manifest> files() {
        Map<String, Manifest> files = new LinkedHashMap<>();
        if (workers.scaling() == Scaling.INDEXED_JOB) {
            files.put("workers.yaml", indexed());
            return files;
        }
        files.put(
                "trigger-authentication.yaml",
                objects.named(
                        "trigger-authentication", name(""), objects.labels().all()));
        files.put("workers.yaml", scaledJob(name(ENDING), spotOrNot(), isSpot() ? " and ON_DEMAND = 'N'" : ""));
        if (hasFallback()) {
            files.put(
                    "workers-on-demand.yaml",
                    scaledJob(name(ENDING_ON_DEMAND), onDemand(), " and ON_DEMAND = 'Y'")
                            .comment(
                                    "/spec/triggers",
                                    "A run that lost as many Spot workers as resources.spot.fallback-after of the job file says asks for"
                                            + " machines",
                                    "that stay, for all that is left of it."));
        }
        return files;
    }

    /** The same as patches find them. */
    List<Template> templates() {
        List<Template> templates = new ArrayList<>();
        if (workers.scaling() == Scaling.INDEXED_JOB) {
            templates.add(Template.ofCronJob("workers.yaml", name(ENDING), indexedPod()));
            return templates;
        }
        templates.add(Template.ofScaledJob("workers.yaml", name(ENDING), spotOrNot()));
        if (hasFallback()) {
            templates.add(Template.ofScaledJob("workers-on-demand.yaml", name(ENDING_ON_DEMAND), onDemand()));
        }
        return templates;
    }

    private Manifest scaledJob(String name, Pod pod, String group) {
        return objects.named("scaled-job", name, objects.labels().worker())
                .set("/spec/maxReplicaCount", workers.most())
                .set(
                        "/spec/triggers/0/metadata/query",
                        "select coalesce(sum(WAITING + EXECUTING), 0) from MODELBATCH_QUEUE where JOB_NAME = '"
                                + objects.job().name() + "'" + group)
                .set(
                        "/spec/triggers/0/metadata/targetQueryValue",
                        String.valueOf(pod.machine().partitions()))
                .set("/spec/triggers/0/authenticationRef/name", name(""))
                .set("/spec/jobTargetRef/template", pod.template());
    }

    private Manifest indexed() {
        String job = "/spec/jobTemplate/spec";
        Deadlines deadlines = Deadlines.of(objects.job());
        return objects.scheduled(
                        "indexed-workers", name(ENDING), objects.labels().worker())
                .set("/spec/startingDeadlineSeconds", deadlines.start().toSeconds())
                .set(job + "/completions", workers.most())
                .set(job + "/parallelism", workers.most())
                .set(job + "/activeDeadlineSeconds", deadlines.attempts().toSeconds())
                .set(job + "/podFailurePolicy/rules/1/onExitCodes/values", JobObjects.inVain())
                .set(job + "/template", indexedPod().template());
    }

    /** Waits while the manager runs the query. */
    private Pod indexedPod() {
        return pod("15m", objects.deployment().machine());
    }

    private Pod spotOrNot() {
        return pod("5m", objects.deployment().machine());
    }

    private Pod onDemand() {
        return pod("5m", objects.deployment().machine().onDemand());
    }

    private Pod pod(String idle, Machine machine) {
        List<String> arguments =
                new ArrayList<>(List.of("worker", "--idle=" + idle, "--partitions=" + machine.partitions()));
        if (machine.spot().isPresent()) {
            arguments.add("--spot");
        }
        return new Pod(objects.job().name(), objects.labels().worker(), arguments, machine);
    }

    private boolean isSpot() {
        return objects.deployment().machine().spot().isPresent();
    }

    private boolean hasFallback() {
        return objects.deployment()
                .machine()
                .spot()
                .map(spot -> spot.fallbackAfter() != null)
                .orElse(false);
    }

    private String name(String ending) {
        return ObjectName.of(objects.job().name(), ending);
    }
}
