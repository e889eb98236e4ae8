package io.modelbatch;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;

/** Debian's {@code faketime}, which shows another time of day to a process. */
final class Faketime {
    private Faketime() {}

    /** Its library. The test is skipped where it is not installed. */
    static String library() {
        try {
            Process process = new ProcessBuilder("faketime", "-f", "+0", "printenv", "LD_PRELOAD").start();
            String library = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assumeTrue(process.waitFor() == 0 && !library.isEmpty(), "faketime does not run here");
            return library;
        } catch (IOException notThere) {
            return abort("faketime is not installed");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** For a process whose clock is wrong, such as {@code +1h}. */
    static Map<String, String> environment(String library, String time) {
        return Map.of("LD_PRELOAD", library, "FAKETIME", time, "DONT_FAKE_MONOTONIC", "1");
    }

    /** For a process whose clock is as wrong as a file says, which it reads once a second. */
    static Map<String, String> environment(String library, Path time) {
        return Map.of(
                "LD_PRELOAD",
                library,
                "FAKETIME_TIMESTAMP_FILE",
                time.toString(),
                "FAKETIME_CACHE_DURATION",
                "1",
                "DONT_FAKE_MONOTONIC",
                "1");
    }
}
