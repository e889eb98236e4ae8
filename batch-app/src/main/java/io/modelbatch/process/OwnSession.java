package io.modelbatch.process;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts a program into a session of its own, where the system has {@code setsid}: Ctrl-C and the end of the terminal reach Modelbatch alone, which
 * then ends the program, and the program cannot ask the terminal for a password.
 */
public final class OwnSession {
    private static final List<Path> SETSID = List.of(Path.of("/usr/bin/setsid"), Path.of("/bin/setsid"));

    private OwnSession() {}

    /** The words before the command; none where there is no such program. */
    public static List<String> prefix() {
        return SETSID.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .map(setsid -> List.of(setsid.toString()))
                .orElse(List.of());
    }
}
