package io.modelbatch.step.rows;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.step.BlockSize;
import io.modelbatch.step.StepFailedException;
import io.modelbatch.warehouse.ReadPosition;
import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.batch.infrastructure.item.ItemStreamReader;

/**
 * Reads one partition block by block, from where its committed shards end, and begins the work on each block; the next one is read
 * and begun while the last is finished and written. Where the order of rows is lost, the partition is read again from the first of
 * them on: their shards are removed with the commit of the next block, so that shards and position never differ.
 */
public final class RowBlockReader<W> implements ItemStreamReader<PendingBlock<W>> {
    private static final int MOST_EXPIRIES = 2;
    private static final long CLOSING_SECONDS = 5;

    private final Source source;
    private final Work<W> work;
    private final BlockSize size;
    private final Runnable between;
    private final LongConsumer giveUp;
    private final LongConsumer waited;
    private final ExecutorService reading = Executors.newSingleThreadExecutor(new ThreadFactoryBuilder()
            .setNameFormat("row-reader")
            .setDaemon(true)
            .build());
    private @Nullable RowReader reader;
    private @Nullable Future<Optional<PendingBlock<W>>> next;
    private int expiries;
    /** The row at which a session expired last. */
    private long expiredAt = -1;

    /**
     * Where the rows come from.
     *
     * @param rowsFrom opens the rows at a position
     * @param position where the partition resumes
     */
    public record Source(Function<ReadPosition, RowReader> rowsFrom, Supplier<ReadPosition> position) {}

    /**
     * The work on a block.
     *
     * @param begin begins it when the block is read
     * @param cancel gives up one that nobody waits for any more
     * @param <W> the work
     */
    public record Work<W>(Function<RowBlock, W> begin, Consumer<W> cancel) {}

    /**
     * A reader.
     *
     * @param source the rows
     * @param work begun on each block
     * @param size rows of a block
     * @param between done before each read, when the block before is committed
     * @param giveUp makes so many rows the partition's position, behind which all is lost
     * @param waited told for how many nanoseconds each block was waited for
     */
    public RowBlockReader(
            Source source, Work<W> work, BlockSize size, Runnable between, LongConsumer giveUp, LongConsumer waited) {
        this.source = source;
        this.work = work;
        this.size = size;
        this.between = between;
        this.giveUp = giveUp;
        this.waited = waited;
    }

    @Override
    public @Nullable PendingBlock<W> read() throws InterruptedException {
        between.run();
        long start = System.nanoTime();
        while (true) {
            try {
                Optional<PendingBlock<W>> block = result(next == null ? begin() : next);
                waited.accept(System.nanoTime() - start);
                next = block.isPresent() ? reading.submit(this::readBlock) : null;
                return block.orElse(null);
            } catch (SessionExpiredException e) {
                beginAgain(e);
            }
        }
    }

    private Future<Optional<PendingBlock<W>>> begin() {
        if (reader == null) {
            ReadPosition position = source.position().get();
            return reading.submit(() -> {
                reader = source.rowsFrom().apply(position);
                return readBlock();
            });
        }
        return reading.submit(this::readBlock);
    }

    /** On the reading thread. */
    private Optional<PendingBlock<W>> readBlock() {
        RowReader open = Objects.requireNonNull(reader);
        return open.read(size.next(), BlockSize.MAX_TEXT_BYTES)
                .map(rows -> new PendingBlock<>(rows, work.begin().apply(rows), open.session()));
    }

    private static <W> Optional<PendingBlock<W>> result(Future<Optional<PendingBlock<W>>> block)
            throws InterruptedException {
        try {
            return block.get();
        } catch (ExecutionException e) {
            Throwables.throwIfUnchecked(Objects.requireNonNull(e.getCause()));
            throw new IllegalStateException(e.getCause());
        }
    }

    private void beginAgain(SessionExpiredException expired) {
        expiries = expired.kept() > expiredAt ? 1 : expiries + 1;
        expiredAt = expired.kept();
        if (expiries > MOST_EXPIRIES) {
            throw new StepFailedException(expired.getMessage() + " before its rows were done, " + expiries
                    + " times at row " + expiredAt
                    + " of the partition. Resume the run; if it fails in the same way, start a new one with again=true,"
                    + " which pins the rows again");
        }
        next = null;
        closeReader();
        giveUp.accept(expiredAt);
    }

    private void closeReader() {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }

    /** The reader is closed by the thread that reads, after what it is reading. */
    @Override
    public void close() {
        if (reading.isShutdown()) {
            return;
        }
        Future<Optional<PendingBlock<W>>> ahead = next;
        reading.execute(() -> {
            if (ahead != null && ahead.isDone()) {
                cancel(ahead);
            }
            closeReader();
        });
        reading.shutdown();
        try {
            if (!reading.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                return; // it ends with the process, which has been told to stop
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void cancel(Future<Optional<PendingBlock<W>>> ahead) {
        try {
            result(ahead).ifPresent(block -> work.cancel().accept(block.work()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            return; // whatever it was, nobody waits for this block any more
        }
    }
}
