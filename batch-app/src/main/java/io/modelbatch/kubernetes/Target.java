package io.modelbatch.kubernetes;

/** A place where jobs run. */
public enum Target {
    /** A Kubernetes cluster, of this machine or of Google Cloud. */
    KUBERNETES("kubernetes");

    private final String word;

    Target(String word) {
        this.word = word;
    }

    /** Makes the files for it. */
    public Rendering rendering() {
        return switch (this) {
            case KUBERNETES -> new KubernetesRendering();
        };
    }

    /** As it is typed. */
    @Override
    public String toString() {
        return word;
    }
}
