package io.modelbatch.step.command;

import io.modelbatch.base.Remedy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The folder that a workspace begins with. */
final class ProgramDirectory {
    private ProgramDirectory() {}

    /**
     * The folder without links, once it is known to be one that can be copied.
     *
     * @param directory as the job file names it
     * @param own a folder of Modelbatch, which must not be part of it
     */
    static Path verify(Path directory, Path own) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new ProgramException(
                    "'directory: " + directory + "' is not a folder (looked for in "
                            + Path.of("").toAbsolutePath() + "). Name a folder of this machine",
                    Remedy.CHANGE);
        }
        Path real = directory.toRealPath();
        if (Files.exists(own) && own.toRealPath().startsWith(real)) {
            throw new ProgramException(
                    "'directory: " + directory + "' contains Modelbatch's own files (" + own.toRealPath()
                            + "). Name a folder that holds only what the program needs",
                    Remedy.CHANGE);
        }
        return real;
    }
}
