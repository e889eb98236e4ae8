package io.modelbatch.result;

import java.util.List;

/**
 * Takes the values of a record, one field after the other: for each a call of the method for its type.
 *
 * @param <E> thrown when a value cannot be written
 */
interface ValueWriter<E extends Exception> {
    /** There is no value: null. */
    void nothing() throws E;

    void text(String value) throws E;

    void whole(long value) throws E;

    void number(double value) throws E;

    void scores(Scores value) throws E;

    void embedding(float[] value) throws E;

    void entities(List<Entity> value) throws E;
}
