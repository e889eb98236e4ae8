package io.modelbatch.step;

import io.modelbatch.source.ReadPosition;
import io.modelbatch.source.RowBlock;
import io.modelbatch.source.RowReader;
import io.modelbatch.source.SessionExpiredException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Reads one partition block by block, from where its committed shards end. Where the order of its rows is lost, the partition begins
 * again: inside the transaction of the chunk that finds out, so that shards and position never differ.
 */
final class RowBlockReader implements ItemStreamReader<RowBlock> {
    private static final int MOST_EXPIRIES = 3;

    private final Function<ReadPosition, RowReader> rowsFrom;
    private final Supplier<ReadPosition> position;
    private final BlockSize size;
    private final Runnable between;
    private final Runnable giveUp;
    private @Nullable RowReader reader;
    private int expiries;

    /**
     * A reader.
     *
     * @param rowsFrom opens the rows at a position
     * @param position where the partition goes on
     * @param size rows of a block
     * @param between done before each read, when the block before is committed
     * @param giveUp makes the partition's position its beginning
     */
    RowBlockReader(
            Function<ReadPosition, RowReader> rowsFrom,
            Supplier<ReadPosition> position,
            BlockSize size,
            Runnable between,
            Runnable giveUp) {
        this.rowsFrom = rowsFrom;
        this.position = position;
        this.size = size;
        this.between = between;
        this.giveUp = giveUp;
    }

    @Override
    public @Nullable RowBlock read() {
        between.run();
        while (true) {
            try {
                return opened().read(size.next(), BlockSize.MAX_TEXT_BYTES).orElse(null);
            } catch (SessionExpiredException e) {
                beginAgain(e);
            }
        }
    }

    /** What the position of the block in hand is to be remembered with. */
    Optional<String> session() {
        return opened().session();
    }

    private RowReader opened() {
        if (reader == null) {
            reader = rowsFrom.apply(position.get());
        }
        return reader;
    }

    private void beginAgain(SessionExpiredException expired) {
        expiries++;
        if (expiries > MOST_EXPIRIES) {
            throw new StepFailedException(expired.getMessage() + " before the partition was done, " + expiries
                    + " times; a session lives for hours, and a partition should be minutes of work: give 'extract' more partitions, and"
                    + " start a new run with again=true");
        }
        close();
        giveUp.run();
    }

    @Override
    public void close() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
