package io.modelbatch.kubernetes;

import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.Schedule;
import io.modelbatch.run.ExitCode;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The objects of a job that are the same in all clusters.
 *
 * @param deployment the job, and how it shall run
 */
record JobObjects(Deployment deployment) {
    private static final String JOB = "/spec/jobTemplate/spec";
    private static final String WITHOUT_SCHEDULE = "0 0 1 1 *";

    JobFile job() {
        return deployment.job();
    }

    Labels labels() {
        return new Labels(job().name());
    }

    /** The process that owns the run. */
    Pod manager() {
        ManagerProcess manager = ManagerProcess.of(deployment);
        return new Pod(job().name(), labels().manager(), manager.arguments(), manager.machine());
    }

    /** The objects by the names of their files. */
    Map<String, Manifest> files() {
        Map<String, Manifest> files = new LinkedHashMap<>();
        files.put("cronjob.yaml", cronJob());
        files.put("job-file.yaml", jobFile());
        files.put("settings.yaml", named("settings", Pod.settings(job().name()), labels().all()));
        files.put("service-account.yaml", named("service-account", job().name(), labels().all()));
        files.put("network-policy.yaml", networkPolicy("network-policy", job().name()));
        if (deployment.workers().isPresent()) {
            files.put("disruption-budget.yaml", disruptionBudget());
        }
        return files;
    }

    private Manifest cronJob() {
        Deadlines deadlines = Deadlines.of(job());
        return scheduled("cronjob", job().name(), labels().manager())
                .set("/spec/startingDeadlineSeconds", deadlines.start().toSeconds())
                .set(JOB + "/activeDeadlineSeconds", deadlines.attempts().toSeconds())
                .set(JOB + "/podFailurePolicy/rules/1/onExitCodes/values", inVain())
                .set(JOB + "/template", manager().templateWithJobFile());
    }

    /** A CronJob must have a schedule. One that never starts anything by itself is still the template for starts by hand. */
    Manifest scheduled(String template, String name, Map<String, String> labels) {
        Manifest cronJob = named(template, name, labels);
        Schedule schedule = job().schedule();
        if (schedule == null) {
            return cronJob.set("/spec/schedule", WITHOUT_SCHEDULE)
                    .set("/spec/suspend", true)
                    .comment(
                            "/spec/suspend",
                            "The job file has no schedule: this starts nothing by itself. By hand:",
                            "kubectl create job --from=cronjob/%1$s %1$s-1".formatted(name));
        }
        return cronJob.set("/spec/schedule", schedule.cron())
                .set("/spec/timeZone", schedule.zone().toString());
    }

    /** The exit codes after which repeating the command cannot help. */
    static List<Integer> inVain() {
        return Arrays.stream(ExitCode.values())
                .filter(JobObjects::isInVain)
                .map(ExitCode::code)
                .toList();
    }

    private static boolean isInVain(ExitCode exit) {
        return switch (exit) {
            case USAGE, FAILED_FOR_GOOD -> true;
            case COMPLETED, FAILED, STOPPED, HELD -> false;
        };
    }

    private Manifest jobFile() {
        return named("job-file", Pod.jobFile(job().name()), labels().all())
                .set("/data/" + job().name() + ".yaml", deployment.text());
    }

    private Manifest disruptionBudget() {
        return named("disruption-budget", job().name(), labels().manager())
                .set("/spec/selector/matchLabels", labels().manager());
    }

    Manifest networkPolicy(String template, String name) {
        return named(template, name, labels().all()).set("/spec/podSelector/matchLabels", labels().all());
    }

    Manifest named(String template, String name, Map<String, String> labels) {
        return Manifest.template(template).set("/metadata/name", name).set("/metadata/labels", labels);
    }
}
