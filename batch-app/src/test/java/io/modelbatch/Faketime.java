package io.modelbatch;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Debian's {@code faketime}, which shows another time of day to a process. */
final class Faketime {
    private Faketime() {}

    /** Its library for programs with threads. The test is skipped where it is not installed. */
    static String library() {
        try {
            Process process = new ProcessBuilder("faketime", "-m", "-f", "+0", "printenv", "LD_PRELOAD").start();
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
        return environment(library, "FAKETIME", time, Duration.ofDays(1));
    }

    /** For a process whose clock is as wrong as a file says, which it reads once a second. */
    static Map<String, String> environment(String library, Path time) {
        return environment(library, "FAKETIME_TIMESTAMP_FILE", time.toString(), Duration.ofSeconds(1));
    }

    /** @param again the time after which the library reads the environment again, while other threads may change it */
    private static Map<String, String> environment(String library, String name, String time, Duration again) {
        return Map.of(
                "LD_PRELOAD",
                library,
                name,
                time,
                "FAKETIME_CACHE_DURATION",
                String.valueOf(again.toSeconds()),
                "DONT_FAKE_MONOTONIC",
                "1",
                // otherwise each wait of Java with a limit returns at once, and its threads wait for nothing again and
                // again
                "FAKETIME_FORCE_MONOTONIC_FIX",
                "0");
    }
}
