package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.WarehouseException;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The cost of a query.
 *
 * @param bytes bytes that it reads
 * @param tables tables that it reads
 */
record QueryCost(long bytes, int tables) {
    /** Of each table at least this is billed, and a limit below it is refused. */
    private static final long LEAST_A_TABLE = 10L << 20;

    /** On-demand price in US dollars of a TiB in most locations; the service's price list tells those that differ. */
    private static final double DOLLARS_A_TIB = 6.25;

    /** Binary, other than in all other messages, as the service's prices and limits are. */
    private static final List<String> UNITS = List.of("KiB", "MiB", "GiB", "TiB", "PiB");

    void refuseAbove(@Nullable Long limit) {
        if (limit != null && bytes > limit) {
            throw new WarehouseException(
                    "The query would read " + exact(bytes) + ", but max-bytes allows " + exact(limit)
                            + ". Select fewer columns, or fewer partitions of the table, or raise max-bytes of 'extract'");
        }
        long least = LEAST_A_TABLE * Math.max(1, tables); // the count of the keys reads one as well
        if (limit != null && least > limit) {
            throw new WarehouseException("BigQuery bills at least 10 MiB for each table that a query reads, "
                    + exact(least) + " for this one, but max-bytes allows " + exact(limit)
                    + ". Raise max-bytes of 'extract' to " + least);
        }
    }

    /** For a person. */
    @Override
    public String toString() {
        double dollars = bytes * DOLLARS_A_TIB / (1L << 40);
        String price = dollars < 0.01 ? "less than $0.01" : String.format(Locale.ROOT, "about $%.2f", dollars);
        return exact(bytes) + ", " + price + " on demand";
    }

    private static String exact(long bytes) {
        double scaled = bytes;
        int unit = -1;
        while (scaled >= 1024 && unit + 1 < UNITS.size()) {
            scaled /= 1024;
            unit++;
        }
        String all = String.format(Locale.ROOT, "%,d bytes", bytes);
        return unit < 0 ? all : String.format(Locale.ROOT, "%.1f %s (%s)", scaled, UNITS.get(unit), all);
    }
}
