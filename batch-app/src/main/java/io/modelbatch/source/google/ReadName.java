package io.modelbatch.source.google;

import io.modelbatch.source.SessionExpiredException;
import java.util.Collection;
import java.util.List;

/**
 * What a position names beside its rows: the stream of a read session, or the job of a query, that keeps their order.
 *
 * @param kind which of the two
 * @param name the stream's, or the job's
 * @param columns a hash of the columns that it brings
 */
record ReadName(Kind kind, String name, String columns) {
    private static final int HASH_CHARACTERS = 16;

    /** What keeps the order. */
    enum Kind {
        STREAM,
        JOB
    }

    static ReadName of(Kind kind, String name, Collection<String> columns) {
        return new ReadName(kind, name, hash(columns));
    }

    /**
     * What a position names.
     *
     * @throws SessionExpiredException when it brings other columns, or names nothing
     */
    static ReadName parse(String text, Collection<String> columns) {
        String[] parts = text.split(" ", 3);
        if (parts.length != 3 || !parts[2].equals(hash(columns)) || !parts[0].matches("STREAM|JOB")) {
            throw new SessionExpiredException(text, new IllegalArgumentException("It brings other columns"));
        }
        return new ReadName(Kind.valueOf(parts[0]), parts[1], parts[2]);
    }

    private static String hash(Collection<String> columns) {
        return Names.hash(List.copyOf(columns)).substring(0, HASH_CHARACTERS);
    }

    String text() {
        return kind + " " + name + " " + columns;
    }
}
