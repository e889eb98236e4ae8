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
                CloudRunJob.ofManager(deployment, ManagerProcess.of(deployment)).text());
        commands.add("deploy " + deployment.job().name() + " manager.yaml");
        files.put(
                DeployScript.NAME,
                new DeployScript(deployment, "Cloud Run", List.of()).text(List.of("cloud-run"), commands));
        return files.rendered();
    }

    static String workersOf(Deployment deployment) {
        return WorkerName.of(deployment.job().name(), "-workers");
    }
}
