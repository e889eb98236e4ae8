package io.modelbatch.device;

import com.sun.jna.Library;
import com.sun.jna.Native;
import java.util.Map;

/**
 * The wait policy of the engine's threads. GNU's OpenMP library lets them spin for milliseconds, which on a machine that others
 * use too, or in a container with a limit, takes the processor from the very thread that they wait for: the sample training took 84
 * seconds instead of 12 beside two busy processes, and on a quiet machine no less time with spinning than without.
 */
final class OpenMp {
    /** Rounds of waiting before a thread sleeps: some microseconds. */
    private static final Map<String, String> SETTINGS = Map.of("GOMP_SPINCOUNT", "1000");

    private OpenMp() {}

    private interface CLibrary extends Library {
        int setenv(String name, String value, int overwrite);
    }

    /** The library reads its environment when it is loaded, so this comes before. What the user set there stays. */
    static void sleepSoon() {
        if (System.getProperty("os.name").equals("Linux")) {
            CLibrary c = Native.load("c", CLibrary.class);
            SETTINGS.forEach((name, value) -> c.setenv(name, value, 0));
        }
    }
}
