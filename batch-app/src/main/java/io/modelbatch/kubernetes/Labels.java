package io.modelbatch.kubernetes;

import java.util.LinkedHashMap;
import java.util.Map;

/** The labels of a job's objects, as Kubernetes recommends them. */
record Labels(String job) {
    Map<String, String> all() {
        Map<String, String> labels = new LinkedHashMap<>();
        labels.put("app.kubernetes.io/name", "modelbatch");
        labels.put("app.kubernetes.io/instance", job);
        return labels;
    }

    /** Those of the manager, or of a run in one process. */
    Map<String, String> manager() {
        return component("manager");
    }

    Map<String, String> worker() {
        return component("worker");
    }

    private Map<String, String> component(String name) {
        Map<String, String> labels = all();
        labels.put("app.kubernetes.io/component", name);
        return labels;
    }
}
