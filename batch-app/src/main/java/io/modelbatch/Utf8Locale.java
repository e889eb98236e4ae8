package io.modelbatch;

import com.sun.jna.Function;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.StringArray;
import io.modelbatch.cli.UsageException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * The locale of this process. Java reads it once, when it starts, to decode arguments and file names, and cron, systemd, slim images and
 * {@code env -i} set none. Where it is not UTF-8, the same command is executed again with one that is: a system call replaces the
 * program and keeps process id, open files and terminal.
 */
final class Utf8Locale {
    private static final String ENCODING = "sun.jnu.encoding";
    private static final String UTF_8 = "UTF-8";
    private static final String VARIABLE = "LC_ALL";
    /** The first one is part of every current C library; older ones have the other. */
    private static final List<String> LOCALES = List.of("C.UTF-8", "en_US.UTF-8");

    private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");
    private static final String JAVA = "/proc/self/exe";

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");

    private static final int LC_ALL = 6;
    private static final int F_SETFD = 2;
    private static final int FD_CLOEXEC = 1;

    private Utf8Locale() {}

    /**
     * Returns where Java decodes in UTF-8, and elsewhere only by a failure.
     *
     * @throws UsageException when the command cannot be executed with another locale
     */
    static void ensure() {
        // Only Linux lets the locale decide, and has these files.
        if (UTF_8.equals(System.getProperty(ENCODING)) || Files.notExists(COMMAND_LINE)) {
            return;
        }
        if (LOCALES.stream().noneMatch(locale -> locale.equals(System.getenv(VARIABLE)))) {
            try {
                executeAgain();
            } catch (IOException | LinkageError e) {
                throw refusal(e.toString());
            }
        }
        throw refusal("the same command with " + VARIABLE + "=" + LOCALES.get(0) + " did not help");
    }

    private static UsageException refusal(String cause) {
        return new UsageException("Java decodes arguments and file names as " + System.getProperty(ENCODING)
                + " here, so names and values outside ASCII would be lost. Set LANG=C.UTF-8 and leave LC_ALL unset ("
                + cause
                + ")");
    }

    /** Returns only when that is impossible. */
    private static void executeAgain() throws IOException {
        for (String locale : LOCALES) {
            if (call("setlocale", Pointer.class, LC_ALL, locale) != null) {
                call("setenv", Integer.class, VARIABLE, locale, 1);
                closeSocketsWhenExecuted();
                call("execv", Integer.class, JAVA, arguments());
                throw new IOException("execv: error " + Native.getLastError());
            }
        }
        throw new IOException("this system has neither of the locales " + String.join(", ", LOCALES));
    }

    /** The ports that the JVM listens on, for a debugger or JMX, are to be free again. Inherited files stay open: one may be a lock. */
    private static void closeSocketsWhenExecuted() throws IOException {
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(DESCRIPTORS)) {
            for (Path descriptor : descriptors) {
                int number = Integer.parseInt(descriptor.getFileName().toString());
                if (number > 2 && isSocket(descriptor)) {
                    call("fcntl", Integer.class, number, F_SETFD, FD_CLOEXEC);
                }
            }
        }
    }

    private static boolean isSocket(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString().startsWith("socket:");
        } catch (NoSuchFileException closed) {
            return false;
        }
    }

    private static Object call(String function, Class<?> type, Object... arguments) {
        return Function.getFunction("c", function).invoke(type, arguments);
    }

    /** As the system gave them: each byte is a character until it is a byte again. */
    private static StringArray arguments() throws IOException {
        String all = Files.readString(COMMAND_LINE, StandardCharsets.ISO_8859_1);
        String withoutLastEnd = all.substring(0, all.length() - 1);
        return new StringArray(withoutLastEnd.split("\0", -1), StandardCharsets.ISO_8859_1.name());
    }
}
