package io.modelbatch.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a step, or of one of its partitions: a bar of the time line.
 *
 * @param execution the number of the run's execution that it belongs to, from 1
 * @param partition the number of the partition, from 0; null for the step itself
 * @param status Spring Batch's status
 * @param started when it started; null when it has not
 * @param ended when it ended; null while it works, and when its process was killed and nobody resumed the run
 * @param rows rows that it committed, less those of earlier executions that it read again
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Attempt(
        int execution,
        @Nullable Integer partition,
        String status,
        @Nullable Instant started,
        @Nullable Instant ended,
        long rows) {}
