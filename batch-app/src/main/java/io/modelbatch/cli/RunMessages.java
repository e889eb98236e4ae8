package io.modelbatch.cli;

import io.modelbatch.base.NearestName;
import io.modelbatch.run.RunCatalog;
import io.modelbatch.run.RunSummary;
import io.modelbatch.run.claim.RunProcess;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeSet;

/** Texts of the verbs about a run in the job repository. */
final class RunMessages {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss z", Locale.ENGLISH).withZone(ZoneId.systemDefault());

    private RunMessages() {}

    /** A time with its zone. */
    static String time(Instant time) {
        return TIME.format(time);
    }

    /** Hours, minutes and seconds. */
    static String elapsed(Duration time) {
        return time.toHours() > 0
                ? "%d:%02d:%02d".formatted(time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : "%d:%02d".formatted(time.toMinutes(), time.toSecondsPart());
    }

    /** The process that works on an unfinished run, or the one that did. */
    static String process(RunSummary run) {
        RunProcess process = run.process();
        if (process == null) {
            return "no process works on it";
        }
        String who = "process " + process.processId() + " on " + process.host();
        return process.gone()
                ? who + ", which ran it, has ended; it was last seen at " + time(process.lastSeen())
                : who + " works on it since " + time(process.since());
    }

    /** The next commands, each on a line of its own; empty where nothing is left to do. */
    static String next(RunSummary run, Settings settings, String indent) {
        StringBuilder words = new StringBuilder();
        settings.next(run)
                .forEach(next -> words.append(indent)
                        .append(next.what())
                        .append(":\n")
                        .append(indent)
                        .append("  ")
                        .append(next.command())
                        .append('\n'));
        return words.toString().stripTrailing();
    }

    /** The run of that name. */
    static RunSummary find(String name, RunCatalog catalog) {
        return catalog.find(name).orElseThrow(() -> {
            Collection<String> runs = new TreeSet<>();
            catalog.newest(null).forEach(run -> runs.add(run.run()));
            return new UsageException("There is no run " + name + NearestName.hint(name, runs)
                    + (runs.isEmpty() ? "" : "\nRuns: ") + String.join(", ", runs));
        });
    }
}
