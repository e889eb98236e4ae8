package io.modelbatch.source.google;

import io.modelbatch.source.RowBlock;
import io.modelbatch.source.RowReader;
import io.modelbatch.source.SessionExpiredException;
import java.util.Optional;

/**
 * Reads a partition in one session after the other, each for some of its buckets. No block has rows of two sessions, so a session that
 * expires costs its own rows and no others.
 */
final class BucketReader implements RowReader {
    private final OpenPartition open;
    private final OpenPartition.Partition partition;
    private final SessionSize size;
    private OpenPartition.Session current;
    private long row;
    private long rowsOfSession;

    /**
     * Reads a partition on.
     *
     * @param open opens the next session
     * @param current the session in which the first rows are read
     * @param row of the partition, the first that is read
     */
    BucketReader(
            OpenPartition open,
            OpenPartition.Partition partition,
            SessionSize size,
            OpenPartition.Session current,
            long row) {
        this.open = open;
        this.partition = partition;
        this.size = size;
        this.current = current;
        this.row = row;
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        while (true) {
            Optional<RowBlock> block = readSession(maxRows, maxTextBytes);
            if (block.isPresent()) {
                row += block.get().rows();
                rowsOfSession += block.get().rows();
                return block;
            }
            if (row == partition.rows()) {
                return Optional.empty();
            }
            size.done(rowsOfSession);
            rowsOfSession = 0;
            OpenPartition.Session next = open.next(partition, row, size.rows());
            current.reader().close();
            current = next;
        }
    }

    private Optional<RowBlock> readSession(int maxRows, long maxTextBytes) {
        try {
            return current.reader().read(maxRows, maxTextBytes);
        } catch (SessionExpiredException e) {
            throw e.keeping(partition.buckets().before(current.span().from()));
        }
    }

    @Override
    public Optional<String> session() {
        return current.reader().session();
    }

    @Override
    public void close() {
        current.reader().close();
    }
}
