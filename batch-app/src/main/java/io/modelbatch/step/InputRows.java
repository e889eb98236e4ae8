package io.modelbatch.step;

import io.modelbatch.source.PinnedInput;
import io.modelbatch.source.ReadPosition;
import io.modelbatch.source.RowBlock;
import io.modelbatch.source.RowReader;
import io.modelbatch.source.Warehouse;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a pinned input outside its partitions' own work. All rows at once are what a training needs. By partition and key, for a training that goes on has to meet them in the
 * order in which it began.
 */
final class InputRows {
    private static final int ROWS_A_READ = 4_096;

    private InputRows() {}

    /** A key, and the value of each requested column. */
    record Row(Object key, List<@Nullable String> values) {}

    static List<Row> all(Warehouse warehouse, PinnedInput input, List<String> columns) {
        List<Row> all = new ArrayList<>();
        for (int partition = 0; partition < input.rows().size(); partition++) {
            List<Row> rows = new ArrayList<>();
            try (RowReader reader = warehouse.read(input, partition, columns, ReadPosition.BEGINNING)) {
                for (Optional<RowBlock> block = next(reader); block.isPresent(); block = next(reader)) {
                    add(block.get(), rows);
                }
            }
            rows.sort(Comparator.comparing(Row::key, InputRows::compare));
            all.addAll(rows);
        }
        return all;
    }

    /** The first rows of an input, at most so many; empty when it has none. */
    static Optional<RowBlock> first(Warehouse warehouse, PinnedInput input, List<String> columns, int most) {
        for (int partition = 0; partition < input.rows().size(); partition++) {
            try (RowReader reader = warehouse.read(input, partition, columns, ReadPosition.BEGINNING)) {
                Optional<RowBlock> block = reader.read(most, BlockSize.MAX_TEXT_BYTES);
                if (block.isPresent()) {
                    return block;
                }
            }
        }
        return Optional.empty();
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
            List<@Nullable String> values = new ArrayList<>();
            for (List<@Nullable String> column : block.columns()) {
                values.add(column.get(i));
            }
            rows.add(new Row(block.keys().get(i), values));
        }
    }
}
