package io.modelbatch.step;

import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import io.modelbatch.warehouse.Warehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a pinned input outside its partitions' own work. All rows at once are what a training needs: by partition and key, for a
 * training that is resumed has to meet them in the order in which it began. A session that expires is followed by another one.
 */
public final class InputRows {
    private static final int ROWS_A_READ = 4_096;

    private InputRows() {}

    /**
     * A row.
     *
     * @param block the rows that were read with it
     * @param number its number among them
     */
    public record Row(RowBlock block, int number) {
        /** Its key. */
        public Object key() {
            return block.keys().get(number);
        }

        /** Its value of a requested column. */
        public @Nullable String value(String column) {
            return block.column(column).get(number);
        }
    }

    public static List<Row> all(Warehouse warehouse, PinnedInput input, List<String> columns) {
        List<Row> all = new ArrayList<>();
        for (int partition = 0; partition < input.rows().size(); partition++) {
            List<Row> rows = new ArrayList<>();
            ReadPosition from = ReadPosition.BEGINNING;
            while (!isRead(warehouse, new Part(input, partition, columns), from, rows)) {
                from = new ReadPosition(null, rows.size());
            }
            rows.sort(Comparator.comparing(Row::key, InputRows::compare));
            all.addAll(rows);
        }
        return all;
    }

    private record Part(PinnedInput input, int number, List<String> columns) {
        RowReader read(Warehouse warehouse, ReadPosition from) {
            return warehouse.read(input, number, columns, from);
        }
    }

    /** True if all rows from a position on were read. Otherwise their session expired, and the rows before it are kept. */
    private static boolean isRead(Warehouse warehouse, Part part, ReadPosition from, List<Row> rows) {
        try (RowReader reader = part.read(warehouse, from)) {
            for (Optional<RowBlock> block = next(reader); block.isPresent(); block = next(reader)) {
                add(block.get(), rows);
            }
            return true;
        } catch (SessionExpiredException e) {
            rows.subList((int) e.kept(), rows.size()).clear();
            return false;
        }
    }

    /** The first rows of an input, at most so many; empty when it has none. */
    public static Optional<RowBlock> first(Warehouse warehouse, PinnedInput input, List<String> columns, int most) {
        for (int partition = 0; partition < input.rows().size(); partition++) {
            if (input.rows().get(partition) > 0) {
                return Optional.of(first(warehouse, new Part(input, partition, columns), most));
            }
        }
        return Optional.empty();
    }

    private static RowBlock first(Warehouse warehouse, Part part, int most) {
        while (true) {
            try (RowReader reader = part.read(warehouse, ReadPosition.BEGINNING)) {
                return reader.read(most, BlockSize.MAX_TEXT_BYTES).orElseThrow();
            } catch (SessionExpiredException e) {
                // the next session begins at the same row, and after two the warehouse reads in another way
            }
        }
    }

    /** Keys of one column: whole numbers, or texts. */
    private static int compare(Object one, Object other) {
        return one instanceof Long number ? number.compareTo((Long) other) : ((String) one).compareTo((String) other);
    }

    private static Optional<RowBlock> next(RowReader reader) {
        return reader.read(ROWS_A_READ, BlockSize.MAX_TEXT_BYTES);
    }

    private static void add(RowBlock block, List<Row> rows) {
        for (int i = 0; i < block.rows(); i++) {
            rows.add(new Row(block, i));
        }
    }
}
