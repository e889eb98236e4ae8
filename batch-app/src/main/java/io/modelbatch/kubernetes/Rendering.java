package io.modelbatch.kubernetes;

/** Makes the files that run a job at a {@link Target}. */
@FunctionalInterface
public interface Rendering {
    /**
     * The files of a job.
     *
     * @throws DeploymentException when the job cannot run there as it is asked
     */
    Rendered render(Deployment deployment);
}
