package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** A managed group of virtual machines, which are workers or compute all of a run, and a job of Cloud Run for the manager of workers. */
final class ComputeRendering implements Rendering {
    @Override
    public Rendered render(Deployment deployment) {
        GcloudFiles files = new GcloudFiles(Target.COMPUTE, deployment);
        List<String> functions = new ArrayList<>(List.of("compute"));
        List<String> commands = new ArrayList<>();
        String group = deployment.job().name();
        int size = 1;
        List<String> arguments = List.of("job=" + group);
        if (deployment.workers().isPresent()) {
            group = CloudRunRendering.workersOf(deployment);
            size = deployment.workers().get().most();
            arguments = WorkerProcess.ending(deployment.machine());
            files.put(
                    "manager.yaml",
                    CloudRunJob.ofManager(deployment, Optional.of(method(group, size)))
                            .text());
            functions.add("cloud-run");
            commands.addAll(CloudRunRendering.manager(deployment));
        } else {
            commands.add("at_schedule " + group + " \"" + method(group, size) + "\"");
        }
        files.put("startup.sh", startup(deployment, group, arguments));
        files.put("shutdown.sh", DeployScript.resource("compute-shutdown"));
        commands.add(0, group(deployment.machine(), group));
        files.put(
                DeployScript.NAME, new DeployScript(deployment, "Compute Engine", List.of()).text(functions, commands));
        return files.rendered();
    }

    private static String startup(Deployment deployment, String group, List<String> arguments) {
        String variables =
                ProjectVariables.of(deployment, deployment.machine()).withSecret().byName().entrySet().stream()
                        .map(variable -> "  --env='" + variable.getKey() + "="
                                + variable.getValue().replace("'", "'\\''") + "'")
                        .collect(Collectors.joining("\n"));
        return """
                #!/bin/bash
                # Runs on each machine of the group when it starts. deploy.sh replaces each ${NAME}.
                group=%s
                arguments=(%s)
                variables=(
                %s
                )
                %s""".formatted(group, String.join(" ", arguments), variables, DeployScript.resource("compute-startup"));
    }

    /** Gives a group its machines. */
    private static String method(String group, int size) {
        return "https://compute.googleapis.com/compute/v1/projects/${PROJECT}/regions/${REGION}/instanceGroupManagers/"
                + group + "/resize?size=" + size;
    }

    private static String group(Machine machine, String group) {
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
        return "group " + group + " " + String.join(" ", flags);
    }
}
