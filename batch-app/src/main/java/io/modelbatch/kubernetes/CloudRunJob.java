package io.modelbatch.kubernetes;

import com.google.common.collect.ImmutableMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A job of Cloud Run, for {@code gcloud run jobs replace}. */
final class CloudRunJob {
    private static final String EXECUTION = "/spec/template/spec";
    private static final String TASK = EXECUTION + "/template/spec";
    private static final String CONTAINER = TASK + "/containers/0";

    /** Google's limit for tasks with a GPU. */
    private static final int SECONDS_WITH_GPU = 3600;

    /** Cloud Run's limit: a worker that had to end is started again, for eleven hours with a GPU. */
    private static final int RETRIES_OF_WORKERS = 10;

    private CloudRunJob() {}

    /**
     * The job of the manager.
     *
     * @param variables more environment variables, by name
     */
    static Manifest ofManager(Deployment deployment, Map<String, String> variables) {
        ManagerProcess manager = ManagerProcess.of(deployment);
        Manifest job = job(deployment, deployment.job().name(), "manager", manager.machine(), variables)
                .set(CONTAINER + "/args", manager.patientArguments());
        if (manager.machine().gpu().isEmpty()) {
            job.set(
                    TASK + "/timeoutSeconds",
                    Deadlines.of(deployment.job()).attempts().toSeconds());
        }
        return job.add(CONTAINER + "/env", ImmutableMap.of("name", "MODELBATCH_JOBS", "value", "/bucket/job-configs"))
                .set(CONTAINER + "/volumeMounts", List.of(ImmutableMap.of("name", "bucket", "mountPath", "/bucket")))
                .set(TASK + "/volumes", List.of(Manifest.template("cloud-run-bucket")));
    }

    static Manifest ofWorkers(Deployment deployment, Workers workers) {
        return job(deployment, ObjectName.ofWorkers(deployment.job().name()), "worker", deployment.machine(), Map.of())
                .set(EXECUTION + "/taskCount", workers.most())
                .comment(
                        EXECUTION + "/taskCount",
                        "Each task is a worker. One that finds nothing to do ends, and is not started again.")
                .set(TASK + "/maxRetries", RETRIES_OF_WORKERS)
                .comment(
                        TASK + "/maxRetries",
                        "Cloud Run's limit. A worker whose time is over, or whose machine is lost, is started again.")
                .set(
                        CONTAINER + "/args",
                        WorkerProcess.ending(
                                WorkerProcess.BETWEEN_STEPS,
                                deployment.machine().onDemand()));
    }

    private static Manifest job(
            Deployment deployment, String name, String part, Machine machine, Map<String, String> more) {
        CloudRunSize size = CloudRunSize.of(machine);
        Manifest job = Manifest.template("cloud-run")
                .set("/metadata/name", name)
                .set(
                        "/metadata/labels",
                        ImmutableMap.of("modelbatch-job", deployment.job().name(), "modelbatch-part", part))
                .set("/spec/template/metadata/annotations", annotations(size))
                .set(CONTAINER + "/resources/limits", size.limits());
        Map<String, String> variables =
                new LinkedHashMap<>(ProjectVariables.of(deployment, machine).byName());
        variables.putAll(more);
        variables.forEach(
                (variable, value) -> job.add(CONTAINER + "/env", ImmutableMap.of("name", variable, "value", value)));
        if (size.gpu()) {
            job.set(TASK + "/timeoutSeconds", SECONDS_WITH_GPU)
                    .comment(
                            TASK + "/timeoutSeconds",
                            "A task with a GPU ends after an hour. It then gives back its partitions, and has lost the blocks that it was computing.")
                    .set(TASK + "/nodeSelector", Map.of("run.googleapis.com/accelerator", CloudRunSize.GPU));
        }
        return job;
    }

    /** The database has a private address. Google's APIs are reached directly. */
    private static Map<String, String> annotations(CloudRunSize size) {
        Map<String, String> annotations = new LinkedHashMap<>();
        annotations.put("run.googleapis.com/execution-environment", "gen2");
        annotations.put(
                "run.googleapis.com/network-interfaces", "[{\"network\":\"${NETWORK}\",\"subnetwork\":\"${SUBNET}\"}]");
        annotations.put("run.googleapis.com/vpc-access-egress", "private-ranges-only");
        if (size.gpu()) {
            annotations.put("run.googleapis.com/gpu-zonal-redundancy-disabled", "true");
        }
        return annotations;
    }
}
