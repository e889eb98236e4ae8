package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.SessionExpiredException;
import java.util.List;

/**
 * The buckets of one partition: rows with the same number in the column {@link PinnedTables#PART}, which BigQuery keeps together. A
 * partition is read bucket after bucket, and some of them that follow each other in one session.
 *
 * @param first number of the first bucket in the table
 * @param rows rows of each bucket
 */
record PartitionBuckets(int first, List<Long> rows) {
    /** BigQuery takes 4,000 partitions a job; these many fit, with their rows, into the description of a table. */
    private static final int MOST = 1_000;

    /**
     * Buckets that are read in one session.
     *
     * @param from the first, counted from the partition's first
     * @param to behind the last
     */
    record Span(int from, int to) {}

    /** Buckets of so many partitions, of each the same number. */
    static int ofAll(int partitions) {
        return partitions * Math.max(1, MOST / partitions);
    }

    /** Rows of the partition before a bucket. */
    long before(int bucket) {
        return sum(rows.subList(0, bucket));
    }

    long rows(Span span) {
        return sum(rows.subList(span.from(), span.to()));
    }

    Span all() {
        return new Span(0, rows.size());
    }

    /**
     * The buckets from a row on that have at least so many rows, or all that are left.
     *
     * @param row of the partition, not its end
     * @throws SessionExpiredException when no bucket begins there
     */
    Span from(long row, long wanted) {
        int from = 0;
        long before = 0;
        while (from < rows.size() && (before < row || rows.get(from) == 0)) {
            before += rows.get(from++);
        }
        if (before != row || from == rows.size()) {
            throw new SessionExpiredException(
                    "of row " + row, new IllegalArgumentException("No bucket begins at row " + row));
        }
        int to = from;
        long found = 0;
        while (to < rows.size() && found < wanted) {
            found += rows.get(to++);
        }
        return new Span(from, to);
    }

    /** The condition for the rows of some buckets. */
    String restriction(Span span) {
        return PinnedTables.PART + " >= " + (first + span.from()) + " AND " + PinnedTables.PART + " < "
                + (first + span.to());
    }

    private static long sum(List<Long> some) {
        return some.stream().mapToLong(Long::longValue).sum();
    }
}
