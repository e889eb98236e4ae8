package io.modelbatch.kubernetes;

import java.nio.file.Path;
import java.util.List;

/** A place where jobs run. */
public enum Target {
    /** A Kubernetes cluster, of this machine or of Google Cloud. */
    KUBERNETES("kubernetes", "k8s"),
    /** Jobs of Cloud Run. */
    CLOUD_RUN("cloud-run", "cloud-run"),
    /** A custom job of Vertex AI. */
    VERTEX("vertex", "vertex"),
    /** Virtual machines of Compute Engine. */
    COMPUTE("compute", "compute");

    private final String word;
    private final String folder;

    Target(String word, String folder) {
        this.word = word;
        this.folder = folder;
    }

    /** The folder of the files of a job where none is named. */
    public Path folder(String job) {
        return Path.of(folder, job);
    }

    /** The commands that bring a rendered folder there, one of which will do. */
    public List<String> next(Path folder) {
        return this == KUBERNETES
                ? List.of(
                        "kubectl apply -k " + folder.resolve("overlays/local") + " # a cluster of this machine",
                        "kubectl apply -k " + folder.resolve("overlays/gke") + " # Google Kubernetes Engine")
                : List.of("bash " + folder.resolve(DeployScript.NAME) + " # docs/cloud-run.md has its variables");
    }

    /** Makes the files for it. */
    public Rendering rendering() {
        return switch (this) {
            case KUBERNETES -> new KubernetesRendering();
            case CLOUD_RUN -> new CloudRunRendering();
            case VERTEX -> new VertexRendering();
            case COMPUTE -> new ComputeRendering();
        };
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return word;
    }
}
