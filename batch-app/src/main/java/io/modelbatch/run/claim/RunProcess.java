package io.modelbatch.run.claim;

import java.time.Instant;

/**
 * The process that works on an unfinished run, or worked on it when it was last heard of.
 *
 * @param host the machine's name
 * @param processId its process id there
 * @param since when it took the run
 * @param lastSeen when it last renewed its hold on the run
 * @param gone whether it is known to be dead, or has not renewed its hold in time
 */
public record RunProcess(String host, long processId, Instant since, Instant lastSeen, boolean gone) {}
