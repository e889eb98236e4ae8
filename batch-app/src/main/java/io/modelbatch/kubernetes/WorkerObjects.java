package io.modelbatch.kubernetes;

import io.modelbatch.kubernetes.Workers.Scaling;
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
    /** All workers start with their manager, and wait while it runs the query. */
    private static final String DURING_QUERY = "15m";

    /** The folder of the component. */
    String folder() {
        return "components/" + workers.scaling() + "-workers";
    }

    /** The objects by the names of their files. */
    Map<String, Manifest> files() {
        Map<String, Manifest> files = new LinkedHashMap<>();
        if (workers.scaling() == Scaling.KEDA) {
            files.put(
                    "trigger-authentication.yaml",
                    objects.named(
                            "trigger-authentication",
                            objects.job().name(),
                            objects.labels().all()));
        }
        starts().forEach((template, object) -> files.put(template.patch(), object));
        return files;
    }

    /** Those of them that have pods, for patches. */
    List<Template> templates() {
        return List.copyOf(starts().keySet());
    }

    /** The objects that start workers, by their pods. The file of an object has the same name as that of its patch. */
    private Map<Template, Manifest> starts() {
        Map<Template, Manifest> starts = new LinkedHashMap<>();
        if (workers.scaling() == Scaling.INDEXED_JOB) {
            Template template = Template.ofCronJob("workers.yaml", name(), indexedPod());
            starts.put(template, indexed(template));
            return starts;
        }
        Template template = Template.ofScaledJob("workers.yaml", name(), scaledPod(machine()));
        starts.put(template, scaledJob(template, machine().spot().isPresent() ? " and ON_DEMAND = 'N'" : ""));
        if (machine().fallsBack()) {
            Template onDemand = Template.ofScaledJob(
                    "workers-on-demand.yaml",
                    ObjectName.ofWorkersOnDemand(objects.job().name()),
                    scaledPod(machine().onDemand()));
            starts.put(
                    onDemand,
                    scaledJob(onDemand, " and ON_DEMAND = 'Y'")
                            .comment(
                                    "/spec/triggers",
                                    "A run that lost as many Spot workers as resources.spot.fallback-after of the job file says asks for"
                                            + " machines",
                                    "that stay, for all that is left of it."));
        }
        return starts;
    }

    private Manifest scaledJob(Template template, String group) {
        return objects.named("scaled-job", template.name(), objects.labels().worker())
                .set("/spec/maxReplicaCount", workers.most())
                .set(
                        "/spec/triggers/0/metadata/query",
                        "select coalesce(sum(WAITING + EXECUTING), 0) from MODELBATCH_QUEUE where JOB_NAME = '"
                                + objects.job().name() + "'" + group)
                .set(
                        "/spec/triggers/0/metadata/targetQueryValue",
                        String.valueOf(template.pod().machine().partitions()))
                .set("/spec/triggers/0/authenticationRef/name", objects.job().name())
                .set(template.place(), template.pod().template());
    }

    private Manifest indexed(Template template) {
        String job = "/spec/jobTemplate/spec";
        Deadlines deadlines = Deadlines.of(objects.job());
        return objects.scheduled(
                        "indexed-workers", template.name(), objects.labels().worker())
                .set("/spec/startingDeadlineSeconds", deadlines.start().toSeconds())
                .set(job + "/completions", workers.most())
                .set(job + "/parallelism", workers.most())
                .set(job + "/activeDeadlineSeconds", deadlines.attempts().toSeconds())
                .set(job + "/podFailurePolicy/rules/1/onExitCodes/values", JobObjects.inVain())
                .set(template.place(), template.pod().template());
    }

    /** Without KEDA nothing starts others in place of Spot machines. */
    private Pod indexedPod() {
        return pod(WorkerProcess.ending(DURING_QUERY, machine().onDemand()), machine());
    }

    private Pod scaledPod(Machine machine) {
        return pod(WorkerProcess.ending(WorkerProcess.BETWEEN_STEPS, machine), machine);
    }

    private Pod pod(List<String> arguments, Machine machine) {
        return new Pod(objects.job().name(), objects.labels().worker(), arguments, machine);
    }

    private Machine machine() {
        return objects.deployment().machine();
    }

    private String name() {
        return ObjectName.ofWorkers(objects.job().name());
    }
}
