/**
 * A run: its identity, its claim in the job repository, its events and its log. One object for each run; nothing here belongs to the
 * process.
 *
 * <p>A row in MODELBATCH_LEASE names the process that may work on the runs of a job with these parameters. It is good for 20 seconds by the
 * database's clock, and renewed every two. Another process takes it over when it has expired, or at once when the owner is known to be dead
 * ({@link RunOwner}: same machine, boot and process namespace). Each takeover raises the epoch of the row.
 *
 * <p>A {@link Claim} is run, owner and epoch. The context of a job execution carries it, so whoever executes a part of the run finds it
 * there, in this process or another one. The job repository selects the row {@code for update} ({@code Claims.verify}) inside the
 * transaction of every chunk, and with every change of the job execution. A process that lost the run gets a {@link ClaimLostException},
 * and nothing is committed. Its reaction is its own decision ({@link OnTakeover}): a command halts with exit code 5.
 */
@NullMarked
package io.modelbatch.run;

import org.jspecify.annotations.NullMarked;
