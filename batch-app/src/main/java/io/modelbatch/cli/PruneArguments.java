package io.modelbatch.cli;

import io.modelbatch.launch.PruneChoice;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of {@code prune}.
 *
 * @param choice which runs
 * @param delete {@code delete=}
 */
record PruneArguments(PruneChoice choice, boolean delete) {
    private static final String OLDER_THAN = "older-than";
    private static final String KEEP = "keep";
    private static final String MEANT = "prune takes [job=NAME] [older-than=30d] [keep=10] [delete=true]";

    static PruneArguments parse(List<String> words) {
        Map<String, String> assignments = JobCommand.assignments(words, MEANT);
        String job = assignments.remove(JobCommand.JOB);
        Optional<Duration> olderThan = age(assignments.remove(OLDER_THAN));
        OptionalInt keep = number(assignments.remove(KEEP));
        boolean delete = JobCommand.isTrue("delete", assignments);
        if (!assignments.isEmpty()) {
            throw new UsageException(
                    "There is no '" + assignments.keySet().iterator().next() + "' here; " + MEANT);
        }
        if (olderThan.isEmpty() && keep.isEmpty()) {
            throw new UsageException(
                    "Say which runs: older-than=30d for those that ended 30 days ago or earlier, keep=10"
                            + " for all but the 10 newest of each job. With both, a run must match both");
        }
        return new PruneArguments(new PruneChoice(job, olderThan.orElse(Duration.ZERO), keep), delete);
    }

    /** Days or hours: m could be minutes or months. */
    private static Optional<Duration> age(@Nullable String value) {
        if (value == null) {
            return Optional.empty();
        }
        if (!value.matches("\\d{1,6}[dh]")) {
            throw new UsageException(OLDER_THAN + "=" + value + " is not an age; write days or hours, as 30d or 12h");
        }
        long number = Long.parseLong(value.substring(0, value.length() - 1));
        return Optional.of(value.endsWith("d") ? Duration.ofDays(number) : Duration.ofHours(number));
    }

    private static OptionalInt number(@Nullable String value) {
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!value.matches("\\d{1,9}")) {
            throw new UsageException(KEEP + "=" + value + " is not a number of runs; write it as keep=10");
        }
        return OptionalInt.of(Integer.parseInt(value));
    }
}
