package io.modelbatch.kubernetes;

import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.ParameterDeclaration;
import io.modelbatch.jobspec.Schedule;
import java.time.Duration;
import java.time.LocalTime;

/**
 * The latest start of a job, and the longest time of all its attempts. The last attempt is on the day of the first, so that a parameter with
 * the default {@code yesterday} means the same day for all of them: another day would be another run.
 *
 * @param start the time after the scheduled one in which it may still start
 * @param attempts the time of all attempts together
 */
record Deadlines(Duration start, Duration attempts) {
    private static final Duration LATEST_START = Duration.ofHours(1);
    private static final Duration LONGEST = Duration.ofHours(12);
    /** Below this, a job is hardly worth its start. */
    private static final Duration SHORT = Duration.ofHours(2);

    private static final Duration SHORTEST = Duration.ofMinutes(20);
    /** A day is that long when clocks are put forward. */
    private static final Duration SHORTEST_DAY = Duration.ofHours(23);

    /** Of a job whose runs do not depend on the day, or that is only started by hand. */
    private static final Deadlines OF_ANY_DAY = new Deadlines(LATEST_START, LONGEST);

    static Deadlines of(JobFile job) {
        Schedule schedule = job.schedule();
        boolean dependsOnDay = job.parameters().values().stream()
                .map(ParameterDeclaration::defaultText)
                .anyMatch(text -> "yesterday".equals(text) || "today".equals(text));
        if (schedule == null || !dependsOnDay) {
            return OF_ANY_DAY;
        }
        Duration left = SHORTEST_DAY.minus(Duration.between(LocalTime.MIDNIGHT, schedule.latestStart()));
        Duration day = left.compareTo(SHORTEST) < 0 ? SHORTEST : left;
        Duration start = min(LATEST_START, day.dividedBy(4));
        return new Deadlines(start, min(LONGEST, day.minus(start)));
    }

    /** True if the day of the first attempt ends soon. */
    boolean areShort() {
        return attempts.compareTo(SHORT) < 0;
    }

    private static Duration min(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
