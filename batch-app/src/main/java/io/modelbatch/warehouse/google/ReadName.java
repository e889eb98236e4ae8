package io.modelbatch.warehouse.google;

import io.modelbatch.warehouse.SessionExpiredException;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The source of a position's rows, which keeps their order: the stream of a read session, or the job of a query that sorts them.
 *
 * @param kind which of the two
 * @param name the stream's, or the job's
 * @param columns a hash of the columns that it brings
 * @param span the buckets that it brings
 */
record ReadName(Kind kind, String name, String columns, PartitionBuckets.Span span) {
    private static final Pattern TEXT = Pattern.compile("(STREAM|QUERY) (\\S+) (\\S+)(?: (\\d{1,9})-(\\d{1,9}))?");
    private static final int HASH_CHARACTERS = 16;

    /** The kind of source. */
    enum Kind {
        /** The order of a session; another session has another one. */
        STREAM,
        /** The order of the keys, however often the query runs. */
        QUERY
    }

    static ReadName of(Kind kind, String name, Collection<String> columns, PartitionBuckets.Span span) {
        return new ReadName(kind, name, hash(columns), span);
    }

    /**
     * Reads the name in a position. One without buckets was written by an earlier version, which read a partition in one session.
     *
     * @throws SessionExpiredException when it brings other columns, or names nothing
     */
    static ReadName parse(String text, Collection<String> columns, PartitionBuckets buckets) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches() || !parts.group(3).equals(hash(columns))) {
            throw new SessionExpiredException(text, new IllegalArgumentException("It reads other columns"));
        }
        PartitionBuckets.Span span = parts.group(4) == null
                ? buckets.all()
                : new PartitionBuckets.Span(Integer.parseInt(parts.group(4)), Integer.parseInt(parts.group(5)));
        if (span.from() >= span.to() || span.to() > buckets.rows().size()) {
            throw new SessionExpiredException(text, new IllegalArgumentException("It reads other buckets"));
        }
        return new ReadName(Kind.valueOf(parts.group(1)), parts.group(2), parts.group(3), span);
    }

    private static String hash(Collection<String> columns) {
        return BigQueryNames.hash(List.copyOf(columns)).substring(0, HASH_CHARACTERS);
    }

    String text() {
        return kind + " " + name + " " + columns + " " + span.from() + "-" + span.to();
    }
}
