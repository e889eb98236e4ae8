package io.modelbatch.step;

import io.modelbatch.source.PinnedInput;
import io.modelbatch.source.RowBlock;
import io.modelbatch.source.RowReader;
import io.modelbatch.source.Warehouse;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All rows of a pinned input at once, in their order: what a training needs. */
final class InputRows {
    private static final int ROWS_A_READ = 4_096;

    private InputRows() {}

    /** A key, and the value of each requested column. */
    record Row(Object key, List<@Nullable String> values) {}

    static List<Row> all(Warehouse warehouse, PinnedInput input, List<String> columns) {
        List<Row> rows = new ArrayList<>();
        for (int partition = 0; partition < input.rows().size(); partition++) {
            try (RowReader reader = warehouse.read(input, partition, columns, 0)) {
                for (Optional<RowBlock> block = next(reader); block.isPresent(); block = next(reader)) {
                    add(block.get(), rows);
                }
            }
        }
        return rows;
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
