package io.modelbatch.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether standard output goes to a terminal. {@code System.console()} asks about standard input too, and is there always since Java 22. */
final class Terminal {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");

    private Terminal() {}

    static boolean isThere() {
        if ("dumb".equals(System.getenv("TERM"))) {
            return false;
        }
        try {
            return Files.isSymbolicLink(STANDARD_OUTPUT)
                    ? isTerminal(Files.readSymbolicLink(STANDARD_OUTPUT).toString())
                    : System.console() != null;
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isTerminal(String device) {
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
    }
}
