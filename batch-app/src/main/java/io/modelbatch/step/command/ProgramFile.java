package io.modelbatch.step.command;

import io.modelbatch.base.PrintableText;
import io.modelbatch.base.Remedy;
import io.modelbatch.process.ExecutableFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the file of a program. */
final class ProgramFile {
    private ProgramFile() {}

    /**
     * The file: of a name without a slash in the folders of {@code PATH}; of a path in the folder that the program starts in, else from the
     * working directory of this process.
     *
     * @param name the first word of a command
     * @param folder in which the program starts
     * @param path folders, as {@code PATH} has them
     * @throws ProgramException when there is none, or it cannot be executed
     */
    static Path find(String name, Path folder, String path) {
        Path file = name.contains("/") ? byPath(name, folder) : onPath(name, path);
        ExecutableFile.interpreter(file)
                .filter(interpreter -> interpreter.equals(PrintableText.line(interpreter)))
                .filter(interpreter -> !ExecutableFile.is(Path.of(interpreter)))
                .ifPresent(missing -> {
                    throw new ProgramException(
                            "The program '" + file + "' begins with #!" + missing
                                    + ", which is not an executable file here. Install it, or name the interpreter first, as in"
                                    + " [python, script.py]",
                            Remedy.CHANGE);
                });
        return file;
    }

    private static Path byPath(String name, Path folder) {
        Path inFolder = folder.resolve(name).normalize();
        Path file = Files.exists(inFolder)
                ? inFolder
                : Path.of(name).toAbsolutePath().normalize();
        if (!Files.exists(file)) {
            String looked = Path.of(name).isAbsolute()
                    ? ""
                    : ": neither in the workspace, which 'directory' fills, nor as " + file;
            throw new ProgramException("The program '" + name + "' does not exist" + looked, Remedy.CHANGE);
        }
        if (!ExecutableFile.is(file)) {
            throw new ProgramException(
                    "The program '" + file
                            + "' is not executable. Make it so with chmod +x, or name its interpreter first,"
                            + " as in [python, script.py]",
                    Remedy.CHANGE);
        }
        return file;
    }

    private static Path onPath(String name, String path) {
        List<Path> candidates = ExecutableFile.candidates(name, path);
        return candidates.stream()
                .filter(ExecutableFile::is)
                .findFirst()
                .orElseThrow(() -> new ProgramException(
                        candidates.stream()
                                .filter(Files::isRegularFile)
                                .findFirst()
                                .map(file -> "The program '" + file + "' is not executable. Make it so with chmod +x")
                                .orElse("The program '" + name + "' is not in any folder of PATH (" + path
                                        + "). Install it, or name its path; one of the workspace is written ./" + name),
                        Remedy.CHANGE));
    }
}
