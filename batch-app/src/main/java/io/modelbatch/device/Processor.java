package io.modelbatch.device;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;

/** What this machine's processor can do that not every one can. */
final class Processor {
    private static final Path DESCRIPTION = Path.of("/proc/cpuinfo");
    private static final Set<String> INT8 = Set.of("avx512_vnni", "avx_vnni", "amx_int8");

    private Processor() {}

    /**
     * Whether it adds up products of 8 bits in 32 bits. Without these instructions sums are cut off at 16 bits, which changes answers.
     * False where the system does not say so, which all but Linux don't.
     */
    static boolean multipliesInt8() {
        return multipliesInt8(DESCRIPTION);
    }

    static boolean multipliesInt8(Path description) {
        try {
            return Files.exists(description)
                    && Files.readAllLines(description).stream()
                            .filter(line -> line.startsWith("flags"))
                            .flatMap(line -> Arrays.stream(line.split("\\s+")))
                            .anyMatch(INT8::contains);
        } catch (IOException e) {
            return false;
        }
    }
}
