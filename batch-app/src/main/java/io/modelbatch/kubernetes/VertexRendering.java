package io.modelbatch.kubernetes;

import com.google.common.collect.ImmutableMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** A custom job of Vertex AI. The first machine has the manager, and the job ends with it; the others are workers. */
final class VertexRendering implements Rendering {
    /** JSON is YAML, and YAML may begin with a comment. */
    private static final String FILE = "custom-job.yaml";

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    @Override
    public Rendered render(Deployment deployment) {
        GcloudFiles files = new GcloudFiles(Target.VERTEX, deployment);
        files.put(FILE, JSON.writeValueAsString(job(deployment)) + "\n");
        files.put(
                DeployScript.NAME,
                new DeployScript(deployment, "Vertex AI", List.of("NETWORK_ATTACHMENT"))
                        .text(List.of("vertex"), List.of("deploy " + FILE)));
        if (deployment.workers().isPresent() && deployment.machine().fallsBack()) {
            files.note(
                    "A custom job has Spot machines alone, so 'fallback-after' of the resources has no effect: the run keeps to them."
                            + " --target=compute has both");
        }
        return files.rendered();
    }

    private static Map<String, Object> job(Deployment deployment) {
        ManagerProcess manager = ManagerProcess.of(deployment);
        Machine machine = deployment.machine();
        List<Object> pools = new ArrayList<>();
        pools.add(pool(deployment, manager.patientArguments(), manager.machine(), 1));
        deployment
                .workers()
                .ifPresent(workers -> pools.add(
                        pool(deployment, WorkerProcess.waiting(machine.onDemand()), machine, workers.most())));
        Map<String, Object> scheduling = new LinkedHashMap<>();
        scheduling.put("strategy", machine.spot().isPresent() ? "SPOT" : "STANDARD");
        scheduling.put("timeout", "86400s");
        scheduling.put("restartJobOnWorkerRestart", false);
        Map<String, Object> spec = new LinkedHashMap<>();
        spec.put("workerPoolSpecs", pools);
        spec.put("scheduling", scheduling);
        spec.put("serviceAccount", "${ACCOUNT}");
        spec.put("pscInterfaceConfig", Map.of("networkAttachment", "${NETWORK_ATTACHMENT}"));
        Map<String, Object> job = new LinkedHashMap<>();
        job.put("displayName", deployment.job().name());
        job.put("labels", Map.of("modelbatch-job", deployment.job().name()));
        job.put("jobSpec", spec);
        return job;
    }

    private static Map<String, Object> pool(Deployment deployment, List<String> arguments, Machine machine, int count) {
        MachineType type = MachineType.of(machine);
        Map<String, Object> machineSpec = new LinkedHashMap<>();
        machineSpec.put("machineType", type.name());
        type.gpu().ifPresent(gpu -> {
            machineSpec.put("acceleratorType", gpu.type().replace('-', '_').toUpperCase(Locale.ROOT));
            machineSpec.put("acceleratorCount", gpu.count());
        });
        Map<String, Object> container = new LinkedHashMap<>();
        container.put("imageUri", "${IMAGE}");
        container.put("args", arguments);
        List<Object> variables = new ArrayList<>();
        ProjectVariables.of(deployment, machine)
                .with("MODELBATCH_JOBS", "/gcs/${BUCKET}/job-configs") // where Vertex AI mounts buckets
                .withSecret()
                .byName()
                .forEach((name, value) -> variables.add(ImmutableMap.of("name", name, "value", value)));
        container.put("env", variables);
        Map<String, Object> pool = new LinkedHashMap<>();
        pool.put("machineSpec", machineSpec);
        pool.put("replicaCount", count);
        pool.put("containerSpec", container);
        return pool;
    }
}
