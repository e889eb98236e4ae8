package io.modelbatch.step.command;

import io.modelbatch.base.Remedy;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the file of a program. */
final class ProgramFile {
    private ProgramFile() {}

    /**
     * The file: of a name without a slash in the folders of {@code PATH}; of a path in the workspace, else from the working directory of
     * this process.
     */
    static Path find(String name, Path workspace, Map<String, String> variables) {
        if (!name.contains("/")) {
            return onPath(name, variables.getOrDefault("PATH", ""));
        }
        Path inWorkspace = workspace.resolve(name);
        Path file = Files.exists(inWorkspace) ? inWorkspace : Path.of(name).toAbsolutePath();
        if (!Files.exists(file)) {
            throw new ProgramException(
                    "The program '" + name
                            + "' does not exist: neither in the workspace, which 'directory' fills, nor as " + file,
                    Remedy.CHANGE);
        }
        if (!isProgram(file)) {
            throw new ProgramException(
                    "The program '" + file
                            + "' is not executable. Make it so with chmod +x, or name its interpreter first,"
                            + " as in [python, script.py]",
                    Remedy.CHANGE);
        }
        return file;
    }

    private static Path onPath(String name, String path) {
        List<Path> candidates = List.of(path.split(File.pathSeparator)).stream()
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(name))
                .toList();
        Optional<Path> program =
                candidates.stream().filter(ProgramFile::isProgram).findFirst();
        return program.orElseThrow(() -> new ProgramException(
                candidates.stream()
                        .filter(Files::isRegularFile)
                        .findFirst()
                        .map(file -> "The program '" + file + "' is not executable. Make it so with chmod +x")
                        .orElse("The program '" + name + "' is not in any folder of PATH (" + path
                                + "). Install it, or name its path"),
                Remedy.CHANGE));
    }

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }
}
