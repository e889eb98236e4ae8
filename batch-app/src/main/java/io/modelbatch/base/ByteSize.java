package io.modelbatch.base;

import java.util.List;
import java.util.Locale;

/** A number of bytes. Its text has at most three digits and a decimal unit, as {@code 1.23 GB}: a kB is 1,000 bytes. */
public record ByteSize(long bytes) {
    private static final List<String> UNITS = List.of("B", "kB", "MB", "GB", "TB", "PB");

    @Override
    public String toString() {
        double scaled = bytes;
        int unit = 0;
        while (scaled >= 999.5 && unit + 1 < UNITS.size()) {
            scaled /= 1000;
            unit++;
        }
        int decimals = unit == 0 || scaled >= 99.95 ? 0 : scaled >= 9.995 ? 1 : 2;
        return String.format(Locale.ROOT, "%." + decimals + "f %s", scaled, UNITS.get(unit));
    }
}
