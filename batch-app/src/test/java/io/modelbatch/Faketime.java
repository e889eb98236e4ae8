package io.modelbatch;

import static org.junit.jupiter.api.Assumptions.abort;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Debian's {@code faketime}, which shows another time of day to a process. */
final class Faketime {
    private Faketime() {}

    /** Its library. The test is skipped where it is not installed. */
    static String library() throws InterruptedException {
        try {
            Process process = new ProcessBuilder("faketime", "-f", "+0", "printenv", "LD_PRELOAD").start();
            String library = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            assumeTrue(process.waitFor() == 0 && !library.isEmpty(), "faketime does not run here");
            return library;
        } catch (IOException notThere) {
            return abort("faketime is not installed");
        }
    }

    /** For a process whose clock is wrong, such as {@code +1h}. */
    static Map<String, String> environment(String library, String time) {
        return Map.of("LD_PRELOAD", library, "FAKETIME", time, "DONT_FAKE_MONOTONIC", "1");
    }
}
