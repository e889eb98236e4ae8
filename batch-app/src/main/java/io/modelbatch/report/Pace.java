package io.modelbatch.report;

import java.time.Instant;

/**
 * The rows and tokens that a step committed in an interval of time.
 *
 * @param from the beginning of the interval, by the clock of the job repository's database
 * @param seconds its length; the same for all intervals of a step
 * @param rows rows committed in it, those set aside included
 * @param tokens tokens that the model read for them
 */
public record Pace(Instant from, double seconds, long rows, long tokens) {}
