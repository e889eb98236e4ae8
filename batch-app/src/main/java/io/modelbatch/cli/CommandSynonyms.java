package io.modelbatch.cli;

import io.modelbatch.base.NearestName;
import io.modelbatch.jobspec.JobFileException;
import io.modelbatch.jobspec.JobFiles;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Synonyms of the documented verbs and words. Those that only read are understood; for those that would start something
 * the command to type is said.
 *
 * @param words without properties
 * @param settings where the jobs are
 * @param verbs all verbs
 */
record CommandSynonyms(List<String> words, Settings settings, Collection<String> verbs) {
    private static final String JOB = JobCommand.JOB + "=";
    private static final Set<String> STARTERS = Set.of("job", "run", "start");
    /** The words beside a job's own parameters, each with the value for those who gave none. */
    private static final Map<String, String> BESIDE = Map.of("again", "true", "accept-changes", "true", "wait", "10m");

    /** The documented words that mean the same, or the words as they are. */
    List<String> understood() {
        if (words.isEmpty()) {
            return words;
        }
        List<String> rest = words.subList(1, words.size());
        return switch (words.get(0)) {
            case "help" -> rest.isEmpty() ? List.of("--help") : List.of(rest.get(0), "--help");
            case "version" -> List.of("--version");
            case "check" -> withJob(rest);
            case "status" ->
                words.stream()
                        .map(word -> word.startsWith(JOB) ? word.substring(JOB.length()) : word)
                        .toList();
            default -> words;
        };
    }

    /** {@code check NAME} is {@code check job=NAME}. */
    private List<String> withJob(List<String> rest) {
        boolean named = rest.stream().anyMatch(word -> word.startsWith(JOB));
        List<String> understood = new ArrayList<>(List.of("check"));
        for (String word : rest) {
            boolean isName = !named && !word.startsWith("-") && !word.contains("=");
            understood.add(isName ? JOB + word : word);
            named |= isName;
        }
        return understood;
    }

    /** The probable meaning of a command line that cannot be understood; empty where a verb's own usage says it. */
    Optional<String> advice() {
        String first = words.get(0);
        if (verbs.contains(first) && !first.equals(RunCommand.NAME)) {
            return Optional.empty();
        }
        Optional<String> job = job();
        if (job.isPresent()) {
            return job;
        }
        if (words.stream().anyMatch(word -> bare(word).startsWith(JOB))) {
            return Optional.of("A run takes NAME=VALUE, without dashes. Type: "
                    + settings.command(assignments()).text());
        }
        List<String> known = Stream.concat(verbs.stream(), jobs().stream()).toList();
        return Optional.of("There is no verb '" + first + "'" + NearestName.hint(first, known) + "\nVerbs: "
                + String.join(", ", verbs) + ". A job runs with job=NAME."
                + (jobs().isEmpty() ? "" : " Jobs here: " + String.join(", ", jobs()) + "."));
    }

    /** A job that is named as if it were a verb, or behind a verb that there is not. */
    Optional<String> job() {
        String named = words.get(STARTERS.contains(words.get(0)) && words.size() > 1 ? 1 : 0);
        if (verbs.contains(words.get(0)) || !jobs().contains(named)) {
            return Optional.empty();
        }
        Stream<String> values = words.stream().map(CommandSynonyms::bare).filter(word -> word.contains("="));
        return Optional.of("'" + named + "' is a job. To run it: "
                + settings.command(Stream.concat(Stream.of(JOB + named), values).toList())
                        .text());
    }

    /** Keeps correct words, removes the dashes of options, and gives a name without a value one. */
    private List<String> assignments() {
        Stream<String> job = words.stream()
                .map(CommandSynonyms::bare)
                .filter(word -> word.startsWith(JOB))
                .limit(1);
        Stream<String> others = words.stream()
                .filter(word -> !word.equals(RunCommand.NAME))
                .map(CommandSynonyms::bare)
                .filter(word -> !word.startsWith(JOB));
        return Stream.concat(job, others)
                .map(word -> word.contains("=") ? word : word + "=" + BESIDE.getOrDefault(word, "…"))
                .toList();
    }

    private static String bare(String word) {
        String bare = word.replaceFirst("^-+", "");
        int equals = bare.indexOf('=');
        return equals < 0 || !bare.substring(0, equals).equalsIgnoreCase(JobCommand.JOB)
                ? bare
                : JOB + bare.substring(equals + 1);
    }

    private List<String> jobs() {
        try {
            return new JobFiles(settings.jobs()).names();
        } catch (JobFileException e) {
            return List.of();
        }
    }
}
