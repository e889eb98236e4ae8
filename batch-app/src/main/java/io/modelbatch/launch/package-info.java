/**
 * Runs: which one a command means, how it starts, stops and ends.
 *
 * <p>{@link StartRun} takes a run ({@code ActiveRuns}, in the package {@code run}), and finds the newest run with its parameters
 * ({@code RunSequence}: the values and a sequence number). A complete run is reported. {@code again=true}, or a job without parameters,
 * takes the next number. For an unfinished run, {@code RecoverRun} turns what a dead process left open into FAILED, and the same instance
 * resumes. {@link StartRun} refuses to resume with other settings ({@link RunChangedException}, with a line for each change), unless
 * {@code accept-changes=true}, which the report records.
 *
 * <p>{@link KeepReport} writes {@code report.json} and {@code report.html} ({@link BuildReport}, {@code RunReports}) while the run works,
 * {@link FinishRun} at its end; it turns the status and the cause of a failure ({@code FailureCause}) into an {@code ExitCode}. An exception for the user implements
 * {@code Explained}: its message is shown, and its {@code Remedy} decides the exit code, in a run and in every other command.
 * {@link NextCommand} reads the way out from the same cause, so both agree.
 *
 * <p>Stops and failures from outside:
 * <ul>
 *   <li>A stop is a signal (SIGTERM, Ctrl-C, SIGHUP), which {@link StopOnSignal} hands on to all runs of the process, or a flag in the
 *       lease's row, seen at its renewal. It is looked at between chunks, forward passes and optimizer steps. The current block or stretch
 *       is dropped, and the run is STOPPED. A process that does not end within nine seconds is halted with 128 and the signal's number, and
 *       so is a process that is signalled twice.
 *   <li>A database that does not answer: the run waits up to five minutes ({@code RepositoryOutage}), and then resumes itself, as a new
 *       process would after a crash. It ends after five outages in a row without a commit.
 *   <li>A full disk, a used-up quota, a read-only volume ({@code DiskFailure}): the run ends at once. {@link Disks} deletes the
 *       {@link RepositoryReserve} and closes the connections, so that H2 opens its file again. {@link StartRun} then records the run as
 *       failed.
 * </ul>
 *
 * <p>Checks: each {@code StepFactory} names what its steps need as {@code Check}s, and each environment what every run needs.
 * {@link CheckJob} looks at all of them at the same time, and joins equal findings of several jobs. {@code StepPreviews} looks once at each
 * query and model that several checks ask for, and says which columns a result will have. {@code Warehouse.verify} gives a {@code Preview}
 * of a query: BigQuery's dry run, or locally its columns and, where that is quick, counts of its rows ({@code RowsPreview}).
 *
 * <p>Operators: {@link RunControl} abandons or recovers a run, each under its lease, so never under a living process. {@link PruneRuns}
 * removes the files of finished runs ({@link PruneChoice}, {@code RunFiles}), under the lease of their job and parameters. A row in
 * MODELBATCH_PRUNED says before the first removal that files may be missing. After the last one it says that all are gone, and the ledger's
 * rows with them. A removal that was interrupted is repeated. Files are named exactly, never found by a pattern.
 */
@NullMarked
package io.modelbatch.launch;

import org.jspecify.annotations.NullMarked;
