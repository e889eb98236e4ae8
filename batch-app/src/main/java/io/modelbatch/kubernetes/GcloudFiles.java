package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The files of a job that gcloud brings to a target, each marked as generated. */
final class GcloudFiles {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final Target target;
    private final String job;
    private final Map<String, String> files = new LinkedHashMap<>();
    private final List<String> notes;

    /** With the job file, which its manager reads. */
    GcloudFiles(Target target, Deployment deployment) {
        this.target = target;
        this.job = deployment.job().name();
        this.notes = new ArrayList<>(new Notes(deployment).withoutCluster());
        String text = deployment.text();
        put("job-configs/" + job + ".yaml", text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text);
    }

    void put(String file, String text) {
        files.put(file, GeneratedFile.withHeader(target, job, text));
    }

    void note(String sentence) {
        notes.add(sentence);
    }

    Rendered rendered() {
        return new Rendered(files, notes);
    }
}
