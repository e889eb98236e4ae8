/**
 * Claims: on a run, so that one process manages it, and on what a run writes, so that one run writes it.
 *
 * <p>One owner. A row in MODELBATCH_LEASE names the process that may work on the runs of a job with these parameters. It is good for 20
 * seconds by the database's clock, and renewed every two. Another process takes it over when it has expired, or at once when the owner is
 * known to be dead ({@link RunOwner}: same machine, boot and process namespace). Each takeover raises the epoch of the row. A {@link Claim}
 * is run, owner and epoch. The context of a job execution carries it, so whoever executes a part of the run finds it there, in this process
 * or another one. The job repository locks the row ({@link Claims#verify}) in each transaction that writes something
 * of the run: those of chunks, of steps and of the job. On PostgreSQL they share it, {@code for key share}: the partitions of a fleet commit side
 * by side, and a renewal does not wait for them. A takeover first raises the epoch, so that nobody shares the row any more, and then waits for
 * those that do. A process that lost the run gets a {@link ClaimLostException}, and nothing is
 * committed. Its reaction is its own decision ({@link OnTakeover}): a command halts with exit code 5 ({@code HaltOnTakeover}). In a process
 * that lives on, the run is asked to stop. Until it does, its threads may compute and upload, which harms nobody: what they upload has names
 * of its own, and no manifest lists it. What takes effect without a commit is verified just before ({@code StepKit.verifyOwner}).
 *
 * <p>Claims expire by a {@link ClaimClock}: the database's, so that all processes have the same. Tests put one in its place that they move.
 *
 * <p>One writer. A run claims what it writes ({@code Target}: the folder of an {@code infer}, the table of a {@code load} or a day of it).
 * {@link TargetClaims} takes all claims or none, under one lock. A claim counts as long as the lease of its run. A claim whose lease has
 * expired is taken over, and the lease is given another owner, so that a process that was only suspended halts when it wakes.
 * {@link ResultMarkers} keeps the object {@code modelbatch.lock} in each folder for runs of other job repositories. It is looked at once
 * more before a manifest is written.
 */
@NullMarked
package io.modelbatch.run.claim;

import org.jspecify.annotations.NullMarked;
