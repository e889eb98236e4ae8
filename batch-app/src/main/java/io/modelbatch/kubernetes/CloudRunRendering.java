package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.List;

/** Jobs of Cloud Run: one for the manager, which Cloud Scheduler starts, and one whose tasks are workers. */
final class CloudRunRendering implements Rendering {
    @Override
    public Rendered render(Deployment deployment) {
        GcloudFiles files = new GcloudFiles(Target.CLOUD_RUN, deployment);
        List<String> commands = new ArrayList<>();
        deployment.workers().ifPresent(workers -> {
            files.put("workers.yaml", CloudRunJob.ofWorkers(deployment, workers).text());
            commands.add("deploy " + workersOf(deployment) + " workers.yaml");
        });
        files.put(
                "manager.yaml",
                CloudRunJob.ofManager(deployment, deployment.workers().map(workers -> method(workersOf(deployment))))
                        .text());
        commands.addAll(manager(deployment));
        files.put(
                DeployScript.NAME,
                new DeployScript(deployment, "Cloud Run", List.of()).text(List.of("cloud-run"), commands));
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

    static String workersOf(Deployment deployment) {
        return ObjectName.of(deployment.job().name(), "-workers");
    }
}
