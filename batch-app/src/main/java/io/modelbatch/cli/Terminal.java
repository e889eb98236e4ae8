package io.modelbatch.cli;

import com.google.common.base.Supplier;
import com.google.common.base.Suppliers;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** The terminal that standard output goes to. {@code System.console()} asks about standard input too, and is there always since Java 22. */
final class Terminal {
    private static final Path STANDARD_OUTPUT = Path.of("/proc/self/fd/1");
    private static final int USUAL_COLUMNS = 80;
    private static final Supplier<Integer> COLUMNS =
            Suppliers.memoizeWithExpiration(Terminal::askForColumns, Duration.ofSeconds(2));

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

    /** Its number of columns, at most two seconds ago; 80 where that cannot be known. */
    static int columns() {
        return Objects.requireNonNull(COLUMNS.get());
    }

    private static int askForColumns() {
        try {
            Process size = new ProcessBuilder("stty", "size")
                    .redirectInput(new File("/dev/tty"))
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String[] rowsAndColumns = new String(size.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .strip()
                    .split(" ");
            int columns = size.waitFor(1, TimeUnit.SECONDS) && rowsAndColumns.length == 2
                    ? Integer.parseInt(rowsAndColumns[1])
                    : 0;
            return columns > 0 ? columns : USUAL_COLUMNS;
        } catch (IOException | NumberFormatException e) {
            return USUAL_COLUMNS;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return USUAL_COLUMNS;
        }
    }

    private static boolean isTerminal(String device) {
        return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
    }
}
