package io.modelbatch.jobspec;

import io.modelbatch.base.NearestName;
import io.modelbatch.base.PrintableText;
import io.modelbatch.extension.StepTypes;
import io.modelbatch.yaml.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A folder of job files, {@code NAME.yaml}.
 *
 * @param folder the folder
 */
public record JobFiles(Path folder) {
    private static final String SUFFIX = ".yaml";
    /** A Kubernetes CronJob's name has at most 52. */
    private static final String NAME = "[a-z0-9]([a-z0-9-]{0,50}[a-z0-9])?";

    private static final int LONGEST = 52;

    /**
     * A file of the folder, read.
     *
     * @param name the file's name without its ending
     * @param job the job; empty when the file has problems
     * @param problems the reason why it is not a job
     */
    public record Read(String name, Optional<JobFile> job, List<Problem> problems) {}

    /** True if something is meant to be a job file, by the ending of its name in any spelling. */
    public static boolean isJobFile(Path file) {
        String name = name(file).toLowerCase(Locale.ROOT);
        return !name.startsWith(".") && (name.endsWith(SUFFIX) || name.endsWith(".yml"));
    }

    /**
     * The names of all jobs, sorted, whether their files have problems or not.
     *
     * @throws JobFileException when there is no such folder or it cannot be read
     */
    public List<String> names() {
        return files().stream()
                .filter(file -> name(file).endsWith(SUFFIX) && !Files.isDirectory(file))
                .map(JobFiles::stem)
                .toList();
    }

    /**
     * Reads all files that are meant to be job files, by name. One that has problems hides none of the others.
     *
     * @param types all that their steps can be
     * @throws JobFileException when there is no such folder or it cannot be read
     */
    public List<Read> read(StepTypes types) {
        return files().stream().map(file -> read(file, types)).toList();
    }

    /**
     * Reads a job file; needs no parameters.
     *
     * @param types all that its steps can be
     * @throws JobFileException with every problem that can be seen without the parameters' values
     */
    public JobFile parse(String name, StepTypes types) {
        List<Path> files = files();
        return files.stream()
                .filter(file -> name(file).equals(name + SUFFIX))
                .findFirst()
                .or(() -> files.stream().filter(file -> stem(file).equals(name)).findFirst())
                .map(file -> parse(file, types))
                .orElseThrow(() -> {
                    List<String> names = names();
                    String hint = NearestName.hint(plain(name), names, here(names));
                    return problem(folder, "no job '" + PrintableText.line(name) + "'" + hint);
                });
    }

    /** The texts of all files that are meant to be job files, readable as such or not, by their paths; none where there is no folder. */
    public Map<String, String> texts() {
        Map<String, String> texts = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            files().stream().filter(Files::isRegularFile).forEach(file -> texts.put(file.toString(), text(file)));
        }
        return texts;
    }

    /** Every sequence of bytes is a text in this encoding, and what is ASCII is the same. */
    private static String text(Path file) {
        try {
            return Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw problem(file, "cannot be read: " + e);
        }
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(JobFiles::isJobFile).sorted().toList();
        } catch (IOException | UncheckedIOException e) {
            String why = Files.isDirectory(folder)
                    ? "cannot be read: " + e
                    : "is not a folder; it should hold the job files. The verb 'init' writes a sample";
            throw problem(folder, why);
        }
    }

    private static Read read(Path file, StepTypes types) {
        try {
            return new Read(stem(file), Optional.of(parse(file, types)), List.of());
        } catch (JobFileException e) {
            return new Read(stem(file), Optional.empty(), e.problems());
        }
    }

    private static JobFile parse(Path file, StepTypes types) {
        String stem = stem(file);
        if (!name(file).endsWith(SUFFIX) || !stem.matches(NAME)) {
            String better = stem.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
            better = better.substring(0, Math.min(LONGEST, better.length())).replaceAll("^-|-$", "");
            throw problem(
                    file,
                    "the name of a job file has only a-z, 0-9 and - (not at the ends), at most " + LONGEST
                            + " characters,"
                            + " and ends in .yaml; rename it"
                            + (better.isEmpty() ? "" : ", for instance to " + better + SUFFIX));
        }
        refuseNoFile(file);
        return JobFile.parse(types, file, stem);
    }

    /** Whoever reads a pipe may wait for ever. */
    private static void refuseNoFile(Path file) {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw problem(
                    file,
                    (Files.isDirectory(file) ? "is a folder" : "is a pipe, a socket or a device")
                            + " with the name of a job file; rename it, or put the file in its place");
        }
    }

    private static String name(Path file) {
        return String.valueOf(file.getFileName());
    }

    private static String stem(Path file) {
        return name(file).substring(0, name(file).lastIndexOf('.'));
    }

    /** For those who type the file. */
    private static String plain(String name) {
        return name.replaceFirst("^.*/", "").replaceFirst("\\.ya?ml$", "");
    }

    private static String here(List<String> names) {
        return names.isEmpty() ? "there is no NAME" + SUFFIX + " in it" : "jobs: " + String.join(", ", names);
    }

    private static JobFileException problem(Path where, String message) {
        return new JobFileException(List.of(new Problem(where.toString(), 0, 0, "", message)));
    }
}
