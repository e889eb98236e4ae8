package io.modelbatch.kubernetes;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The settings of Google Cloud.
 *
 * @param variables environment variables by name
 * @param mounts the folders of mounted buckets, by bucket
 */
public record GoogleCloud(Map<String, String> variables, Map<String, String> mounts) {
    private static final String PROJECT = "MODELBATCH_GCP_PROJECT";
    private static final List<String> REQUIRED =
            List.of(PROJECT, "MODELBATCH_GCP_LOCATION", "MODELBATCH_GCP_DATASET", "MODELBATCH_GCP_BUCKET");

    /** Keeps its own copies, sorted. */
    public GoogleCloud {
        variables = Collections.unmodifiableMap(new TreeMap<>(variables));
        mounts = Collections.unmodifiableMap(new TreeMap<>(mounts));
    }

    /** The variables without which no run starts there, and that are not set. */
    List<String> missing() {
        return REQUIRED.stream().filter(name -> !variables.containsKey(name)).toList();
    }

    /** The service account that docs/google-cloud.md makes. The project of a domain has the domain at the end. */
    Optional<String> serviceAccount() {
        return Optional.ofNullable(variables.get(PROJECT)).map(project -> {
            int colon = project.indexOf(':');
            String host = colon < 0 ? project : project.substring(colon + 1) + "." + project.substring(0, colon);
            return "modelbatch@" + host + ".iam.gserviceaccount.com";
        });
    }
}
