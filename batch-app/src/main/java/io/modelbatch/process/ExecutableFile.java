package io.modelbatch.process;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Files of this machine that can be executed as programs. */
public final class ExecutableFile {
    private static final int LONGEST_FIRST_LINE = 256;

    private ExecutableFile() {}

    /** True for a file that this user may execute. */
    public static boolean is(Path file) {
        return Files.isRegularFile(file) && Files.isExecutable(file);
    }

    /**
     * The places where a program is looked for, in their order; a file need not be there.
     *
     * @param name without a slash
     * @param path folders, as the variable {@code PATH} has them
     */
    public static List<Path> candidates(String name, String path) {
        return Stream.of(path.split(File.pathSeparator))
                .filter(folder -> !folder.isEmpty())
                .map(folder -> Path.of(folder).resolve(name))
                .toList();
    }

    /** The absolute path of the interpreter that a script names in its first line; empty for other programs, and where the file cannot be read. */
    public static Optional<String> interpreter(Path script) {
        try (InputStream in = Files.newInputStream(script)) {
            String beginning = new String(in.readNBytes(LONGEST_FIRST_LINE), StandardCharsets.ISO_8859_1);
            return Optional.of(beginning)
                    .filter(text -> text.startsWith("#!"))
                    .map(text -> text.substring(2)
                            .lines()
                            .findFirst()
                            .orElse("")
                            .strip()
                            .split("\\s", 2)[0])
                    .filter(interpreter -> interpreter.startsWith("/"));
        } catch (IOException e) {
            return Optional.empty(); // a program may be executable and not readable
        }
    }
}
