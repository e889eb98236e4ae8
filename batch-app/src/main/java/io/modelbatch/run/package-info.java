/**
 * A run: its identity, definition and place in the catalog ({@link RunCatalog}), its stop request, events and log. One object for each run;
 * nothing here belongs to the process.
 *
 * <p>{@link ActiveRuns} takes a run: the claim on job and parameters ({@code run.claim}), and with it the run's
 * {@link StopRequest}, {@link RunEvents} and {@link RunLog}. An {@link ActiveRun} holds them and closes them all; a process may have
 * several. {@link RunEvents} turns the calls of Spring Batch's listeners into {@link RunEvent}s, which the command line prints.
 *
 * <p>{@link RunDefinition} keeps the settings of all steps with the run. A step that failed before it left anything may be changed freely.
 * Some settings never change within a run, such as {@code to} and {@code format} of an {@code infer} that has committed a block
 * ({@code StepFactory.fixed}). Names are never used twice: {@link RunFolder} makes RUN-TIME of the run's name, the second in which it began
 * and the first characters of the job repository's id. So two job repositories may share buckets and warehouse. {@link SqlFailure} decides
 * by the SQLSTATE whether a failure of the database may pass: for the run, and for the exit code of a command.
 */
@NullMarked
package io.modelbatch.run;

import org.jspecify.annotations.NullMarked;
