/**
 * Manifests from a job file. A {@link Target} is where the job runs, and a {@link Rendering} makes its files: for Kubernetes a base and
 * overlays of kustomize, and elsewhere files for gcloud with a {@linkplain DeployScript script} that brings them there. Nothing here calls a cluster or a cloud.
 *
 * <p>Manifests begin as templates, the YAML files beside these classes, which have the fixed values and their comments.
 * {@link Manifest} sets the values that depend on the job.
 */
@NullMarked
package io.modelbatch.kubernetes;

import org.jspecify.annotations.NullMarked;
