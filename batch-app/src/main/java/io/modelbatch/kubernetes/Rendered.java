package io.modelbatch.kubernetes;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The files of a job.
 *
 * @param files their texts by their paths below the folder
 * @param notes sentences for their reader
 */
public record Rendered(Map<String, String> files, List<String> notes) {
    /** Keeps its own copies, sorted. */
    public Rendered {
        files = Collections.unmodifiableMap(new TreeMap<>(files));
        notes = List.copyOf(notes);
    }
}
