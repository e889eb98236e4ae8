package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Jobs of Cloud Run: one for the manager, which Cloud Scheduler starts, and one whose tasks are workers. */
final class CloudRunRendering implements Rendering {
    /** The property of the manager that has the address of the method which starts workers. */
    static final String START_WORKERS = "MODELBATCH_GCP_STARTWORKERS";

    @Override
    public Rendered render(Deployment deployment) {
        GcloudFiles files = new GcloudFiles(Target.CLOUD_RUN, deployment);
        List<String> commands = new ArrayList<>();
        Map<String, String> variables = Map.of();
        if (deployment.workers().isPresent()) {
            String workers = ObjectName.ofWorkers(deployment.job().name());
            files.put(
                    "workers.yaml",
                    CloudRunJob.ofWorkers(deployment, deployment.workers().get())
                            .text());
            commands.add("deploy " + workers + " workers.yaml");
            variables = Map.of(START_WORKERS, method(workers));
        }
        files.put("manager.yaml", CloudRunJob.ofManager(deployment, variables).text());
        commands.addAll(manager(deployment));
        files.put(
                DeployScript.NAME,
                new DeployScript(deployment, "Cloud Run", List.of()).text(List.of("cloud-run"), commands));
        if (deployment.machine().spot().isPresent()) {
            files.note("Cloud Run has no Spot machines, so 'spot' of the resources has no effect");
        }
        return files.rendered();
    }

    /** The commands for the manager. */
    static List<String> manager(Deployment deployment) {
        String name = deployment.job().name();
        return List.of("deploy " + name + " manager.yaml", "at_schedule " + name + " \"" + method(name) + "\"");
    }

    private static String method(String job) {
        return "https://run.googleapis.com/v2/projects/${PROJECT}/locations/${REGION}/jobs/" + job + ":run";
    }
}
