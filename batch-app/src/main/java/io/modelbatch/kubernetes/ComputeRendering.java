package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Managed groups of virtual machines, which are workers or compute all of a run, and a job of Cloud Run for the manager of workers. */
final class ComputeRendering implements Rendering {
    @Override
    public Rendered render(Deployment deployment) {
        GcloudFiles files = new GcloudFiles(Target.COMPUTE, deployment);
        files.put("startup.sh", startup(deployment));
        files.put("shutdown.sh", DeployScript.resource("compute-shutdown"));
        List<String> functions = new ArrayList<>(List.of("compute"));
        List<String> commands = new ArrayList<>();
        String job = deployment.job().name();
        Machine machine = deployment.machine();
        if (deployment.workers().isPresent()) {
            int most = deployment.workers().get().most();
            Map<String, String> variables = new LinkedHashMap<>();
            String workers = ObjectName.ofWorkers(job);
            commands.add(workers(workers, machine));
            variables.put(CloudRunRendering.START_WORKERS, resize(workers, most));
            if (machine.fallsBack()) {
                String onDemand = ObjectName.ofWorkersOnDemand(job);
                commands.add(workers(onDemand, machine.onDemand()));
                variables.put("MODELBATCH_GCP_STARTONDEMANDWORKERS", resize(onDemand, most));
            }
            files.put(
                    "manager.yaml", CloudRunJob.ofManager(deployment, variables).text());
            functions.add("cloud-run");
            commands.addAll(CloudRunRendering.manager(deployment));
        } else {
            commands.add(group(job, List.of("job=" + job), machine));
            commands.add("at_schedule " + job + " \"" + resize(job, 1) + "\"");
        }
        files.put(
                DeployScript.NAME, new DeployScript(deployment, "Compute Engine", List.of()).text(functions, commands));
        return files.rendered();
    }

    private static String startup(Deployment deployment) {
        String variables =
                ProjectVariables.of(deployment, deployment.machine()).withSecret().byName().entrySet().stream()
                        .map(variable -> "  --env='" + variable.getKey() + "="
                                + variable.getValue().replace("'", "'\\''") + "'")
                        .collect(Collectors.joining("\n"));
        return """
                #!/bin/bash
                # Runs on each machine of a group when it starts. deploy.sh replaces each ${NAME}.
                variables=(
                %s
                )
                %s""".formatted(variables, DeployScript.resource("compute-startup"));
    }

    /** Gives a group its machines. */
    private static String resize(String group, int size) {
        return "https://compute.googleapis.com/compute/v1/projects/${PROJECT}/regions/${REGION}/instanceGroupManagers/"
                + group + "/resize?size=" + size;
    }

    private static String workers(String group, Machine machine) {
        return group(group, WorkerProcess.ending(WorkerProcess.BETWEEN_STEPS, machine), machine);
    }

    private static String group(String group, List<String> arguments, Machine machine) {
        MachineType type = MachineType.of(machine);
        List<String> flags = new ArrayList<>(List.of("--machine-type=" + type.name()));
        if (type.attachesGpu()) {
            type.gpu().ifPresent(gpu -> flags.add("--accelerator=type=" + gpu.type() + ",count=" + gpu.count()));
        }
        if (machine.gpu().isPresent()) {
            flags.add("--maintenance-policy=TERMINATE");
        }
        if (machine.spot().isPresent()) {
            flags.add("--provisioning-model=SPOT --instance-termination-action=DELETE");
        }
        return "group " + group + " '" + String.join(" ", arguments) + "' " + String.join(" ", flags);
    }
}
