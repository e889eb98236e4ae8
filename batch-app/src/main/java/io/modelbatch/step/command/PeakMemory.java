package io.modelbatch.step.command;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;

/** The most memory that one process of a program had at once, as Linux counts it. */
final class PeakMemory {
    private static final String PEAK = "VmHWM:";

    private long bytes;

    /** Looks at a process. */
    void look(long pid) {
        peak(pid).ifPresent(peak -> bytes = Math.max(bytes, peak));
    }

    /** In bytes; empty where no process was seen. */
    OptionalLong bytes() {
        return bytes == 0 ? OptionalLong.empty() : OptionalLong.of(bytes);
    }

    private static Optional<Long> peak(long pid) {
        try {
            return Files.readString(Path.of("/proc/" + pid + "/status"), StandardCharsets.ISO_8859_1)
                    .lines()
                    .filter(line -> line.startsWith(PEAK))
                    .findFirst()
                    .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024);
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
