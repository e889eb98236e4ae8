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
    private final Runnable between;
    private @Nullable RowReader reader;

    /**
     * A reader.
     *
     * @param rowsFrom opens the rows at a position
     * @param position where the partition goes on
     * @param size rows of a block
     * @param between done before each read, when the block before is committed
     */
    RowBlockReader(LongFunction<RowReader> rowsFrom, LongSupplier position, BlockSize size, Runnable between) {
        this.rowsFrom = rowsFrom;
        this.position = position;
        this.size = size;
        this.between = between;
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
        between.run();
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
