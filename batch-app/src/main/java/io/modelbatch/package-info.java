/**
 * The application: the entry point, and the wiring of the two environments.
 *
 * <p>{@link BatchApplication} starts a command, and the Spring context where a verb needs the job repository. {@link LocalEnvironment}
 * binds tables, buckets, cache and the folder of runs. With the profile {@code gcp}, {@link GoogleEnvironment} takes its place. The steps
 * are the same in both, and so are the contracts of their tests. {@link GoogleSettings} are the properties of Google Cloud, with the
 * project ({@code GoogleProject}), which is never guessed.
 *
 * <p>{@link JobRepositoryConfiguration} opens the job repository, {@code LaunchConfiguration} and {@code StepConfiguration} make the rest.
 * {@link MigrateSchema} calls Flyway, which applies {@code sql/h2} or {@code sql/postgresql}, only where the newest script has not been
 * applied. {@link OwnedJobRepository} is Spring Batch's job repository, with the check of the claim. {@link LazyConnections} fetch a
 * connection with the first statement. Contexts are JSON.
 */
@NullMarked
package io.modelbatch;

import org.jspecify.annotations.NullMarked;
