package io.modelbatch.step.command;

import io.modelbatch.base.Remedy;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Finds the files of a workspace that are uploaded. */
final class OutputFiles {
    private OutputFiles() {}

    /**
     * The files by their names relative to the workspace. A link counts as the file that it leads to, which must be in the workspace.
     *
     * @param patterns of which each must match a file; none for all results
     * @param work tells results from files that the program was given
     */
    static Map<String, Path> find(Path workspace, List<String> patterns, ProgramWork work) throws IOException {
        Map<String, Path> all = new TreeMap<>();
        try (Stream<Path> files = Files.walk(workspace)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                boolean isFile = Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.isSymbolicLink(file);
                if (isFile && (!patterns.isEmpty() || work.isResult(workspace.relativize(file), file))) {
                    all.put(workspace.relativize(file).toString(), file);
                }
            }
        }
        Map<String, Path> chosen = chosen(all, patterns);
        if (chosen.isEmpty()) {
            throw new ProgramException(
                    "The program left no file in its workspace, so there is nothing for 'outputs'. The program must write"
                            + " its files below the folder that it is started in",
                    Remedy.CHANGE);
        }
        for (Path file : chosen.values()) {
            verify(file, workspace);
        }
        return chosen;
    }

    private static Map<String, Path> chosen(Map<String, Path> all, List<String> patterns) {
        if (patterns.isEmpty()) {
            return all;
        }
        Map<String, Path> chosen = new TreeMap<>();
        for (String pattern : patterns) {
            PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
            List<String> names = all.keySet().stream()
                    .filter(name -> matcher.matches(Path.of(name)))
                    .toList();
            if (names.isEmpty()) {
                throw new ProgramException(
                        "The pattern '" + pattern + "' of 'files' matches no file of the workspace. " + present(all),
                        Remedy.CHANGE);
            }
            names.forEach(name -> chosen.put(name, all.get(name)));
        }
        return chosen;
    }

    private static String present(Map<String, Path> all) {
        if (all.isEmpty()) {
            return "The program left no file there";
        }
        return "The files there are: " + all.keySet().stream().limit(10).collect(Collectors.joining(", "))
                + (all.size() > 10 ? " and %,d more".formatted(all.size() - 10) : "");
    }

    private static void verify(Path file, Path workspace) throws IOException {
        if (Files.isSymbolicLink(file)
                && (!Files.isRegularFile(file) || !file.toRealPath().startsWith(workspace.toRealPath()))) {
            throw new ProgramException(
                    "The output '" + workspace.relativize(file)
                            + "' is a link that does not lead to a file of the workspace. Let the program write a copy, or"
                            + " choose other 'files'",
                    Remedy.CHANGE);
        }
    }
}
