package io.modelbatch.kubernetes;

import java.util.List;
import java.util.Map;

/**
 * A pod with one process.
 *
 * @param job the job's name
 * @param labels its labels
 * @param arguments of the process
 * @param machine its machine
 */
record Pod(String job, Map<String, String> labels, List<String> arguments, Machine machine) {
    private static final String DISK = "10Gi";
    private static final String CONTAINER = "/spec/containers/0";

    /** The template of the pod. Overlays add what a kind of cluster needs. */
    Manifest template() {
        Manifest pod = Manifest.template("pod")
                .set("/metadata/labels", labels)
                .set("/spec/serviceAccountName", job)
                .set(CONTAINER + "/args", arguments)
                .set(CONTAINER + "/envFrom/0/configMapRef/name", settings(job))
                .set(CONTAINER + "/envFrom/1/secretRef/name", job + "-secrets")
                .set(CONTAINER + "/resources/requests", machine.quantities(DISK))
                .set(CONTAINER + "/resources/limits", machine.quantities(DISK));
        if (machine.gpu().isPresent()) {
            pod.set(
                    "/spec/tolerations",
                    Manifest.parse("[{ key: nvidia.com/gpu, operator: Exists, effect: NoSchedule }]"));
        }
        return pod;
    }

    /** The same with the job file, which the manager reads. */
    Manifest templateWithJobFile() {
        return template()
                .add(
                        CONTAINER + "/volumeMounts",
                        Manifest.parse("{ name: jobs, mountPath: /etc/modelbatch/job-configs, readOnly: true }"))
                .add(
                        "/spec/volumes",
                        Manifest.parse("{ name: jobs, configMap: { name: %s } }".formatted(jobFile(job))));
    }

    static String settings(String job) {
        return job + "-settings";
    }

    static String jobFile(String job) {
        return job + "-job-file";
    }
}
