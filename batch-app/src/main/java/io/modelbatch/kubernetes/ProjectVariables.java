package io.modelbatch.kubernetes;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * The environment variables of a process on Google Cloud, without its password. {@code deploy.sh} puts the values of a project in place of
 * each <code>${NAME}</code>.
 */
record ProjectVariables(Map<String, String> byName) {
    private static final String HOME = "/tmp/modelbatch";
    private static final Set<String> REPLACED = Set.of(
            "MODELBATCH_GCP_PROJECT", "MODELBATCH_GCP_LOCATION", "MODELBATCH_GCP_DATASET", "MODELBATCH_GCP_BUCKET");

    ProjectVariables {
        byName = Collections.unmodifiableMap(new LinkedHashMap<>(byName));
    }

    /** Those of a process with the settings of a deployment, on a machine with its accelerators. */
    static ProjectVariables of(Deployment deployment, Machine machine) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("LANG", "C.UTF-8");
        variables.put("SPRING_PROFILES_ACTIVE", "gcp");
        variables.put("MODELBATCH_LOGS", "google");
        variables.put("MODELBATCH_GCP_PROJECT", "${PROJECT}");
        variables.put("MODELBATCH_GCP_LOCATION", "${LOCATION}");
        variables.put("MODELBATCH_GCP_DATASET", "${DATASET}");
        variables.put("MODELBATCH_GCP_BUCKET", "${BUCKET}");
        deployment.google().variables().forEach((name, value) -> {
            if (!REPLACED.contains(name)) {
                variables.put(name, value);
            }
        });
        variables.put("MODELBATCH_LOCAL_HOME", HOME);
        variables.put("DJL_CACHE_DIR", HOME + "/djl");
        variables.put("SPRING_DATASOURCE_URL", "${REPOSITORY_URL}");
        variables.put("SPRING_DATASOURCE_USERNAME", "${REPOSITORY_USER}");
        if (machine.gpu().isPresent()) {
            variables.put("LD_LIBRARY_PATH", "/usr/local/nvidia/lib64");
        }
        return new ProjectVariables(variables);
    }

    /** The same and another one. */
    ProjectVariables with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(byName);
        more.put(name, value);
        return new ProjectVariables(more);
    }

    /** The same, and the secret that has the password of the job repository, which the process reads itself. */
    ProjectVariables withSecret() {
        return with("MODELBATCH_GCP_PASSWORDSECRET", "projects/${PROJECT}/secrets/${SECRET}");
    }
}
