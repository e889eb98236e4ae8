package io.modelbatch.step;

import io.modelbatch.source.RowBlock;
import io.modelbatch.source.RowReader;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ExecutionContext;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/** Reads one partition block by block, from where its committed shards end. */
final class RowBlockReader implements ItemStreamReader<RowBlock> {
    private final LongFunction<RowReader> rowsFrom;
    private final LongSupplier position;
    private final BlockSize size;
    private @Nullable RowReader reader;

    RowBlockReader(LongFunction<RowReader> rowsFrom, LongSupplier position, BlockSize size) {
        this.rowsFrom = rowsFrom;
        this.position = position;
        this.size = size;
    }

    @Override
    public void open(ExecutionContext context) {
        reader = rowsFrom.apply(position.getAsLong());
    }

    @Override
    public @Nullable RowBlock read() {
        if (reader == null) {
            throw new IllegalStateException("read before open");
        }
        Optional<RowBlock> block = reader.read(size.next(), BlockSize.MAX_TEXT_BYTES);
        return block.orElse(null);
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
