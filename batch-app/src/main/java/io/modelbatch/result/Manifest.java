package io.modelbatch.result;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.modelbatch.base.JsonErrorText;
import io.modelbatch.store.DamagedObjectException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The list of a result's shards, and the only truth about it: written last, in one piece. What it does not list is not part of the result.
 *
 * @param job the job that made the result
 * @param run the run that made it
 * @param format {@code parquet} or {@code jsonl}
 * @param columns the fields of each row
 * @param shards in the order of the rows
 * @param rejects objects with the rows that could not be answered, which are not part of the result
 * @param origin the origin of the result, such as fingerprints of the input and the model
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
    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(SerializationFeature.INDENT_OUTPUT)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .build();

    /** Keeps its own copies, so that no element is null. */
    public Manifest {
        columns = List.copyOf(columns);
        shards = List.copyOf(shards);
        rejects = List.copyOf(rejects);
        origin = Map.copyOf(origin);
    }

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

    /** All objects that it lists. */
    private Stream<Shard> objects() {
        return Stream.concat(shards.stream(), rejects.stream());
    }

    /** The names of all objects that it lists, relative to its folder. */
    public Set<String> names() {
        return objects().map(Shard::name).collect(Collectors.toSet());
    }

    /** True when the other manifest lists the result of another run. */
    public boolean isOfAnotherRun(Manifest other) {
        return !job.equals(other.job) || !run.equals(other.run);
    }

    /**
     * Compares all objects that it lists with those in the folder: each is listed once, and there with the length and the checksum
     * that it was written with.
     *
     * @param there the objects in the folder, as the store lists them
     * @return the shards as they are there, in their order
     * @throws DamagedObjectException names the first object that is not so
     */
    public List<StoredObject> verified(ObjectStore store, ObjectUri folder, List<StoredObject> there)
            throws IOException {
        Map<ObjectUri, StoredObject> listing =
                there.stream().collect(Collectors.toMap(StoredObject::uri, Function.identity()));
        List<StoredObject> verified = new ArrayList<>();
        Set<ObjectUri> seen = new HashSet<>();
        for (Shard shard : objects().toList()) {
            ObjectUri uri = folder.child(shard.name());
            if (!seen.add(uri)) {
                throw new DamagedObjectException(uri + " appears twice in the result of run " + run);
            }
            StoredObject object = listing.get(uri);
            // A mount may list an object of another machine late, where it finds it by its name.
            verified.add(shard.verified(uri, object == null ? store.find(uri) : Optional.of(object)));
        }
        return verified.subList(0, shards.size());
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
     * @throws DamagedObjectException when it cannot be read as a manifest
     */
    public static Manifest read(ObjectStore store, ObjectUri folder) throws IOException {
        byte[] content = store.read(uri(folder));
        try {
            return Objects.requireNonNull(JSON.readValue(content, Manifest.class), "it is null");
        } catch (JacksonException | NullPointerException e) {
            throw new DamagedObjectException(uri(folder) + " is damaged: " + words(e));
        }
    }

    private static String words(RuntimeException e) {
        return e instanceof JacksonException refused ? JsonErrorText.words(refused) : String.valueOf(e.getMessage());
    }

    /** Makes this the result of the folder, in the place of the one that was there. */
    public void write(ObjectStore store, ObjectUri folder) throws IOException {
        ObjectUri uri = uri(folder);
        store.replace(uri, JSON.writeValueAsBytes(this), store.find(uri));
    }
}
