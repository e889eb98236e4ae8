package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.RowBlock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Rows that arrive in portions of any size and leave in blocks of another. */
final class CellRows {
    private final Source source;
    private final List<String> columns;
    private final long expected;
    private long arrived;
    private Portion portion = Portion.NONE;
    private int next;

    /**
     * Rows of a source.
     *
     * @param columns the names of the columns beside the key, in the order in which portions have them
     * @param expected how many rows there are; a source that ends with another number has failed
     */
    CellRows(Source source, List<String> columns, long expected) {
        this.source = source;
        this.columns = columns;
        this.expected = expected;
    }

    /** Where portions come from. */
    @FunctionalInterface
    interface Source {
        /** The next rows, at least one; empty when there are no more. */
        Optional<Portion> next();
    }

    /**
     * Some rows, by column.
     *
     * @param keys the key of each
     * @param columns the texts of each column
     * @param bytes the size of the texts of each row, in memory
     */
    record Portion(@Nullable Object[] keys, List<@Nullable String[]> columns, long[] bytes) {
        static final Portion NONE = new Portion(new Object[0], List.of(), new long[0]);

        static Portion of(@Nullable Object[] keys, List<@Nullable String[]> columns) {
            long[] bytes = new long[keys.length];
            for (@Nullable String[] column : columns) {
                for (int row = 0; row < bytes.length; row++) {
                    String text = column[row];
                    bytes[row] += text == null ? 0 : 2L * text.length();
                }
            }
            return new Portion(keys, columns, bytes);
        }

        int rows() {
            return keys.length;
        }
    }

    /** As {@link io.modelbatch.warehouse.RowReader#read} promises. */
    Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        List<Object> keys = new ArrayList<>();
        Map<String, List<@Nullable String>> byName = new LinkedHashMap<>();
        columns.forEach(column -> byName.put(column, new ArrayList<>()));
        List<List<@Nullable String>> texts = List.copyOf(byName.values());
        long bytes = 0;
        while (keys.size() < maxRows && bytes <= maxTextBytes && fill()) {
            int from = next;
            int most = Math.min(portion.rows() - from, maxRows - keys.size());
            int end = from;
            while (end < from + most && bytes <= maxTextBytes) {
                bytes += portion.bytes()[end];
                end++;
            }
            take(from, end, keys, texts);
            next = end;
        }
        return keys.isEmpty() ? Optional.empty() : Optional.of(new RowBlock(keys, byName));
    }

    private void take(int from, int end, List<Object> keys, List<List<@Nullable String>> texts) {
        keys.addAll(Arrays.asList(Arrays.copyOfRange(portion.keys(), from, end)));
        for (int i = 0; i < texts.size(); i++) {
            texts.get(i)
                    .addAll(Arrays.asList(Arrays.copyOfRange(portion.columns().get(i), from, end)));
        }
    }

    private boolean fill() {
        if (next == portion.rows()) {
            portion = source.next().orElse(Portion.NONE);
            next = 0;
            arrived += portion.rows();
            if (arrived > expected || (portion.rows() == 0 && arrived < expected)) {
                throw new UncheckedIOException(new IOException(
                        "BigQuery returned " + arrived + " of the " + expected + " rows that are left of a partition"));
            }
        }
        return portion.rows() > 0;
    }
}
