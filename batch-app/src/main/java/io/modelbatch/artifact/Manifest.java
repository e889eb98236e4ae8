package io.modelbatch.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of a result's shards, and the only truth about it: written last, in one piece. What it does not list is no part of
 * the result.
 *
 * @param job the job that made the result
 * @param run the run that made it
 * @param format {@code parquet} or {@code jsonl}
 * @param columns the fields of each row
 * @param shards in the order of the rows
 * @param rejects objects with the rows that could not be answered, which are no part of the result
 * @param origin what the result was made of, such as fingerprints of the input and the model
 */
@JsonPropertyOrder({"job", "run", "format", "rows", "rejected", "columns", "shards", "rejects", "origin"})
public record Manifest(
        String job,
        String run,
        String format,
        List<RecordSchema.Field> columns,
        List<Shard> shards,
        List<Shard> rejects,
        Map<String, String> origin) {
    private static final String NAME = "manifest.json";
    private static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    /** Rows of all shards. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long rows() {
        return shards.stream().mapToLong(Shard::rows).sum();
    }

    /** Rows that could not be answered. */
    @JsonProperty(access = JsonProperty.Access.READ_ONLY)
    public long rejected() {
        return rejects.stream().mapToLong(Shard::rows).sum();
    }

    /** Where the manifest of a folder is. */
    public static ObjectUri uri(ObjectUri folder) {
        return folder.child(NAME);
    }

    /** The manifest of a folder; empty when there is no finished result in it. */
    public static Optional<Manifest> find(ObjectStore store, ObjectUri folder) throws IOException {
        ObjectUri uri = uri(folder);
        return store.find(uri).isEmpty() ? Optional.empty() : Optional.of(read(store, folder));
    }

    /**
     * The manifest of a folder.
     *
     * @throws java.nio.file.NoSuchFileException when there is no finished result in it
     */
    public static Manifest read(ObjectStore store, ObjectUri folder) throws IOException {
        byte[] content = store.read(uri(folder));
        try {
            return JSON.readValue(content, Manifest.class);
        } catch (JacksonException e) {
            throw new IOException(uri(folder) + " is damaged: " + e.getOriginalMessage(), e);
        }
    }

    /** Makes this the result of the folder, in the place of the one that was there. */
    public void write(ObjectStore store, ObjectUri folder) throws IOException {
        ObjectUri uri = uri(folder);
        store.replace(uri, JSON.writeValueAsBytes(this), store.find(uri));
    }
}
