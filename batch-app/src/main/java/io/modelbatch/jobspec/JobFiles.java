package io.modelbatch.jobspec;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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

    /**
     * The names of all jobs, sorted, whether their files have problems or not.
     *
     * @throws JobFileException when there is no such folder or it cannot be read
     */
    public List<String> names() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(SUFFIX))
                    .map(name -> name.substring(0, name.length() - SUFFIX.length()))
                    .sorted()
                    .toList();
        } catch (IOException | UncheckedIOException e) {
            String why =
                    Files.isDirectory(folder) ? "cannot be read: " + e : "is no folder; it should hold the job files";
            throw problem(folder, why);
        }
    }

    /**
     * Reads a job file; needs no parameters.
     *
     * @throws JobFileException with every problem that can be seen without the parameters' values
     */
    public JobFile parse(String name) {
        List<String> names = names();
        if (!names.contains(name)) {
            throw problem(
                    folder, "no job '" + Texts.shorten(name) + "'" + Nearest.hint(plain(name), names, here(names)));
        }
        Path file = folder.resolve(name + SUFFIX);
        if (!name.matches(NAME)) {
            throw problem(file, "a job file is named with a-z, 0-9 and - inside, at most 52, and .yaml; rename it");
        }
        return JobFile.parse(file, name);
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
