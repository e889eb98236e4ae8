package io.modelbatch.cli;

import io.modelbatch.extension.StepTypes;
import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.jobspec.JobSpec;
import io.modelbatch.launch.RunOutcome;
import io.modelbatch.launch.RunRequest;
import io.modelbatch.launch.RunRequest.Again;
import io.modelbatch.launch.RunRequest.Changes;
import java.time.Clock;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.boot.convert.DurationStyle;

/**
 * {@code job=NAME} and what may stand beside it.
 *
 * @param job the job's name
 * @param parameters the job's own parameters, as typed
 * @param again {@code again=}
 * @param changes {@code accept-changes=}
 * @param patience {@code wait=}
 */
record JobCommand(String job, Map<String, String> parameters, Again again, Changes changes, Duration patience) {
    static final String JOB = "job";

    static JobCommand parse(List<String> words) {
        Map<String, String> assignments = assignments(words, "a run is job=NAME [parameter=value ...]");
        String job = Optional.ofNullable(assignments.remove(JOB))
                .orElseThrow(() -> new UsageException("Which job? Type job=NAME; 'list' names the jobs"));
        Again again = isTrue("again", assignments) ? Again.START_NEW : Again.RESUME;
        Changes changes = isTrue("accept-changes", assignments) ? Changes.ACCEPT : Changes.REFUSE;
        Duration patience = duration(assignments);
        return new JobCommand(job, assignments, again, changes, patience);
    }

    /** Reads the job file. */
    RunRequest request(Settings settings, StepTypes types) {
        JobFile file = new JobFiles(settings.jobs()).parse(job, types);
        JobSpec spec = file.resolve(parameters, Clock.systemUTC());
        Map<String, String> resolved = new LinkedHashMap<>();
        spec.parameters().forEach((name, value) -> resolved.put(name, value.text()));
        return new RunRequest(spec, again, changes, patience, settings.resume(job, resolved), file.notifications());
    }

    /** Runs it and prints how it goes. */
    static int run(RunRequest request, Services services, RunOutput output) {
        RunOutcome outcome = services.startRun().start(request, output);
        output.ended(outcome);
        return outcome.exit().code();
    }

    /**
     * Splits words at their first equals sign.
     *
     * @param meant the intended form, for a user who typed something else
     */
    static Map<String, String> assignments(List<String> words, String meant) {
        Map<String, String> assignments = new LinkedHashMap<>();
        for (String word : words) {
            int equals = word.indexOf('=');
            if (equals < 1) {
                throw new UsageException("'" + word + "' is not NAME=VALUE"
                        + (List.of("again", "accept-changes", "delete").contains(word)
                                ? ", as " + word + "=true is"
                                : "")
                        + "; " + meant);
            }
            if (assignments.put(word.substring(0, equals), word.substring(equals + 1)) != null) {
                throw new UsageException("'" + word.substring(0, equals) + "' is given twice");
            }
        }
        return assignments;
    }

    /** Takes an assignment that is true or false out of the others; false where it is missing. */
    static boolean isTrue(String name, Map<String, String> assignments) {
        String value = assignments.remove(name);
        if (value == null || value.equals("false")) {
            return false;
        }
        if (value.equals("true")) {
            return true;
        }
        throw new UsageException(name + "=" + value + " is neither " + name + "=true nor " + name + "=false");
    }

    private static Duration duration(Map<String, String> assignments) {
        String value = assignments.remove("wait");
        try {
            return value == null ? Duration.ZERO : DurationStyle.SIMPLE.parse(value);
        } catch (IllegalArgumentException e) {
            throw new UsageException("wait=" + value + " is not a duration; write 30s, 10m or 2h");
        }
    }
}
