package io.modelbatch.step.command;

import io.modelbatch.base.PrintableText;
import io.modelbatch.base.Remedy;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Finds the file of a program. */
final class ProgramFile {
    private static final int LONGEST_FIRST_LINE = 256;

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
        interpreter(file)
                .filter(interpreter -> !isProgram(Path.of(interpreter)))
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
        return candidates.stream()
                .filter(ProgramFile::isProgram)
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

    private static boolean isProgram(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /** The interpreter of a script. The system says of a missing one only that the script is not there. */
    private static Optional<String> interpreter(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String beginning = new String(in.readNBytes(LONGEST_FIRST_LINE), StandardCharsets.ISO_8859_1);
            return Optional.of(beginning)
                    .filter(text -> text.startsWith("#!"))
                    .map(text -> text.substring(2)
                            .lines()
                            .findFirst()
                            .orElse("")
                            .strip()
                            .split("\\s", 2)[0])
                    .filter(interpreter ->
                            interpreter.equals(PrintableText.line(interpreter)) && interpreter.startsWith("/"));
        } catch (IOException e) {
            return Optional.empty(); // a program may be executable and not readable
        }
    }
}
