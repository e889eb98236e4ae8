package io.modelbatch.training.objective;

import java.util.List;

/**
 * A row that a model learns from, or is measured on.
 *
 * @param key names the row in messages
 * @param values the value of each {@linkplain Objective#columns column}
 */
public record Row(Object key, List<String> values) {
    /** Keeps its own copy. */
    public Row {
        values = List.copyOf(values);
    }
}
