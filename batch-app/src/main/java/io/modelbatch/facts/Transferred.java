package io.modelbatch.facts;

import java.util.Map;

/**
 * Files that were uploaded or downloaded.
 *
 * @param files their number
 * @param bytes their length, all together
 * @param to where they are now
 */
public record Transferred(int files, long bytes, String to) implements Facts {
    @Override
    public Map<String, Object> results() {
        return Map.of("uri", to, "files", files, "bytes", bytes);
    }
}
