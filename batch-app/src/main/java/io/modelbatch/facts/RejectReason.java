package io.modelbatch.facts;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A reason why rows could not be answered.
 *
 * @param reason the end of a sentence about the row, without what differs from row to row
 * @param rows rows that were set aside for it
 * @param samples the first of them; none where the job file says {@code report: { samples: false }}
 */
public record RejectReason(String reason, long rows, List<Sample> samples) {
    /** Keeps its own copy. */
    public RejectReason {
        samples = List.copyOf(samples);
    }

    /**
     * A row that was set aside.
     *
     * @param key its key
     * @param row its columns as texts; long ones are truncated
     */
    public record Sample(String key, Map<String, String> row) {
        /** Keeps its own copy. */
        public Sample {
            row = Collections.unmodifiableMap(new LinkedHashMap<>(row));
        }
    }
}
