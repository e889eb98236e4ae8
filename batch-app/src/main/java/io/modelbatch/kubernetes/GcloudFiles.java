package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a job that gcloud brings to a target, each marked as generated. */
final class GcloudFiles {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Target target;
    private final Deployment deployment;
    private final Map<String, String> files = new LinkedHashMap<>();

    /** With the job file, which its manager reads. */
    GcloudFiles(Target target, Deployment deployment) {
        this.target = target;
        this.deployment = deployment;
        String text = deployment.text();
        put(
                "job-configs/" + deployment.job().name() + ".yaml",
                text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }

    void put(String file, String text) {
        files.put(file, GeneratedFile.withHeader(target, deployment.job().name(), text));
    }

    Rendered rendered() {
        List<String> notes = new ArrayList<>();
        notes.add("deploy.sh brings this to Google Cloud. docs/cloud-run.md says which variables it needs");
        if (!deployment.google().mounts().isEmpty()) {
            notes.add(
                    "Buckets are used by the API of Cloud Storage there: the settings of mounted buckets are left out");
        }
        return new Rendered(files, notes);
    }
}
