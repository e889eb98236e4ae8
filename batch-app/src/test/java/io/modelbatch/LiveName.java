package io.modelbatch;

import java.time.Clock;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of one run of the live test kit, which is in the name of all that it makes.
 *
 * @param id the time in UTC, and what tells it from another run of the same second
 */
record LiveName(String id) {
    static final String DATASETS = "modelbatch_live_";
    static final String FOLDERS = "modelbatch-live/";
    static final String RUNS = "runs/modelbatch-live-";

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMdd't'HHmmss");
    private static final Duration OLD = Duration.ofDays(1);
    private static final Pattern NAME =
            Pattern.compile("(?:" + DATASETS + "|" + FOLDERS + "|" + RUNS + ")(\\d{8}t\\d{6})[_/-].*");

    /** Of a run that begins now. */
    static LiveName begin(Clock clock) {
        return new LiveName(TIME.format(LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC)) + "_"
                + UUID.randomUUID().toString().substring(0, 4));
    }

    String dataset() {
        return DATASETS + id;
    }

    /** Without a slash at its end. */
    String folder() {
        return FOLDERS + id;
    }

    /** The name of a job; that of its runs, in the folder of all runs, begins with it. */
    String job(String shipped) {
        return "modelbatch-live-" + id.replace('_', '-') + "-" + shipped;
    }

    /** The beginning of the names of what its jobs leave. */
    String runs() {
        return "runs/" + job("");
    }

    /** True if a dataset or an object is one of a run that began more than a day ago. */
    static boolean isLeftOver(String name, Clock clock) {
        return begun(name)
                .filter(begun -> begun.isBefore(
                        LocalDateTime.ofInstant(clock.instant(), ZoneOffset.UTC).minus(OLD)))
                .isPresent();
    }

    private static Optional<LocalDateTime> begun(String name) {
        Matcher found = NAME.matcher(name);
        return found.matches() ? Optional.of(LocalDateTime.parse(found.group(1), TIME)) : Optional.empty();
    }
}
