package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.RowBlock;
import io.modelbatch.warehouse.RowReader;
import io.modelbatch.warehouse.SessionExpiredException;
import java.util.Optional;

/**
 * Reads a partition in one session after the other, each for some of its buckets. No block has rows of two sessions, so a session that
 * expires costs its own rows and no others. One that will expire before its rows are done is given up as soon as their rate shows it.
 */
final class BucketReader implements RowReader {
    private final OpenPartition open;
    private final OpenPartition.Partition partition;
    private OpenPartition.Session current;
    private long row;

    /**
     * Reads a partition on.
     *
     * @param open opens the next session
     * @param current the session in which the first rows are read
     * @param row of the partition, the first that is read
     */
    BucketReader(OpenPartition open, OpenPartition.Partition partition, OpenPartition.Session current, long row) {
        this.open = open;
        this.partition = partition;
        this.current = current;
        this.row = row;
        begin();
    }

    private void begin() {
        partition.pace().begin(partition.buckets().before(current.span().to()) - row);
    }

    @Override
    public Optional<RowBlock> read(int maxRows, long maxTextBytes) {
        while (true) {
            Optional<RowBlock> block = readSession(maxRows, maxTextBytes);
            if (block.isPresent()) {
                row += block.get().rows();
                partition.pace().hand(block.get().rows());
                return block;
            }
            if (row == partition.rows()) {
                return Optional.empty();
            }
            partition.pace().done();
            OpenPartition.Session next = open.next(partition, row);
            current.reader().close();
            current = next;
            begin();
        }
    }

    private Optional<RowBlock> readSession(int maxRows, long maxTextBytes) {
        long first = partition.buckets().before(current.span().from());
        try {
            if (current.kind() == ReadName.Kind.STREAM && partition.pace().isTooSlow()) {
                throw new SessionExpiredException(
                        String.valueOf(current.reader().session().orElse(null)),
                        new IllegalStateException("Its rows take longer to process than it lives"));
            }
            return current.reader().read(maxRows, maxTextBytes);
        } catch (SessionExpiredException e) {
            partition.pace().expire(first);
            throw e.keeping(first);
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
