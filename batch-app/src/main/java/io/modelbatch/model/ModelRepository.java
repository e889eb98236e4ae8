package io.modelbatch.model;

import io.modelbatch.base.ByteSize;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.tensor.Json;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.model.tensor.ModelFile;
import io.modelbatch.store.Crc32c;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where models come from and where they are published. A published model is a folder of versions, each a folder of its
 * own, written once, and a small object {@code latest} that names one of them: <code>{"version": "…"}</code>.
 *
 * <p>Every model is opened from a cache by content, so nothing that changes elsewhere changes a run. Safe for several
 * processes that share the cache.
 */
public final class ModelRepository {
    private final ObjectStore store;
    private final ModelCache cache;

    /**
     * The pointer {@code latest}.
     *
     * @param version the version that it points to
     * @param object the pointer as it was seen
     */
    public record Latest(String version, StoredObject object) {}

    /** With the buckets, and a folder for copies of models and for archives. */
    public ModelRepository(ObjectStore store, Path cache) {
        this.store = store;
        this.cache = new ModelCache(cache);
    }

    /** The fingerprints of the models in the cache. */
    public Set<String> cached() throws IOException {
        return cache.fingerprints();
    }

    /**
     * Names what a reference means now: {@code @latest} becomes the version that it points to. What a run keeps, so that a
     * resumed one uses the same model.
     *
     * @throws ModelException when it is not a reference, or nothing was published there
     * @throws IOException when the bucket cannot be read; trying again may help
     */
    public String resolve(String reference) throws IOException {
        return resolve(ModelReference.parse(reference)).toString();
    }

    /**
     * Opens a model that can be trained from the cache, after copying it there unless its content is there already.
     *
     * @param reference a folder, {@code gs://bucket/path}, {@code gs://bucket/path@latest} or {@code …@VERSION}
     * @throws ModelException when there is no such model, or it cannot be used
     * @throws IOException when the bucket or the disk fails; trying again may help
     */
    public PretrainedModel open(String reference) throws IOException {
        ModelReference resolved = resolve(ModelReference.parse(reference));
        if (cached(resolved) instanceof PretrainedModel model) {
            return model;
        }
        throw PretrainedModel.cannotLearn(resolved.toString());
    }

    /**
     * Opens a model of either kind in the same way. What is trusted is looked at in the cache, so what was hashed is what will be
     * loaded.
     *
     * @param trustedSha256 of a TorchScript archive, in hexadecimal; empty for a model without code
     * @throws ModelException also when an archive is not the one that is trusted, or when there is none to trust
     */
    public ModelDirectory open(String reference, Optional<String> trustedSha256) throws IOException {
        ModelReference resolved = resolve(ModelReference.parse(reference));
        return trusted(cached(resolved), trustedSha256, resolved);
    }

    private static ModelDirectory trusted(
            ModelDirectory model, Optional<String> trustedSha256, ModelReference reference) {
        if (model instanceof ScriptedModel scripted) {
            return scripted.trusted(trustedSha256, reference.toString());
        } else if (trustedSha256.isPresent()) {
            throw noCode(reference);
        }
        return model;
    }

    private static ModelException noCode(ModelReference reference) {
        return new ModelException(
                reference + " is a model as save_pretrained leaves it, without code; leave out trusted-sha256");
    }

    /** Looks at a model whose files were found whole. */
    @FunctionalInterface
    public interface Inspection<M> {
        /**
         * Looks.
         *
         * @param model not to be used: of one in a bucket the numbers of its weights are missing
         * @throws ModelException when it will not do
         */
        void look(M model) throws IOException;
    }

    /**
     * Finds out whether a model that can be trained is there and usable. Of one in a bucket only the small files and the headers of
     * the weights are copied, for as long as it takes.
     *
     * @return the findings, in words
     * @throws ModelException when there is no such model, or it cannot be used
     * @throws IOException when the bucket cannot be read
     */
    public String verify(String reference, Inspection<PretrainedModel> inspection) throws IOException {
        return verify(ModelReference.parse(reference), model -> {
            if (!(model instanceof PretrainedModel pretrained)) {
                throw PretrainedModel.cannotLearn(reference);
            }
            inspection.look(pretrained);
        });
    }

    /**
     * Finds out the same of a model of either kind. An archive in a bucket is only looked for, not inspected, and its digest is not
     * compared: for that it would have to be copied.
     *
     * @param trustedSha256 as for {@link #open(String, Optional)}
     */
    public String verify(String reference, Optional<String> trustedSha256, Inspection<ModelDirectory> inspection)
            throws IOException {
        ModelReference parsed = ModelReference.parse(reference);
        if (isArchiveFarAway(parsed)) {
            if (trustedSha256.isEmpty()) {
                throw new ModelException(ScriptedModel.untrusted(reference)
                        + " If you trust its origin, set trusted-sha256 in the options of the step to what sha256sum prints"
                        + " for the .pt file");
            }
            ModelReference.Remote remote = (ModelReference.Remote) resolve(parsed);
            return words(remote, filesOf(remote)) + "; only the names of its files were checked";
        }
        return verify(parsed, model -> inspection.look(trusted(model, trustedSha256, parsed)));
    }

    private boolean isArchiveFarAway(ModelReference parsed) throws IOException {
        return resolve(parsed) instanceof ModelReference.Remote remote
                && store.location(folderOf(remote)).startsWith("gs://")
                && filesOf(remote).containsKey(ModelFiles.DESCRIPTION);
    }

    private String verify(ModelReference reference, Inspection<ModelDirectory> inspection) throws IOException {
        ModelReference resolved = resolve(reference);
        if (resolved instanceof ModelReference.Remote remote) {
            Map<String, StoredObject> files = filesOf(remote);
            String name = folderOf(remote).toString();
            String location = store.location(folderOf(remote));
            if (!location.startsWith("gs://")) {
                inspection.look(seen(new DisplayPath(Path.of(location), name)));
            } else if (files.containsKey(ModelFiles.DESCRIPTION)) {
                throw PretrainedModel.cannotLearn(remote.toString());
            } else {
                cache.withOutline(
                        files,
                        store,
                        folder -> inspection.look(PretrainedModel.verified(new DisplayPath(folder, name))));
            }
            return words(remote, files);
        }
        inspection.look(seen(DisplayPath.of(((ModelReference.Local) resolved).folder())));
        return resolved.toString();
    }

    private static ModelDirectory seen(DisplayPath folder) throws IOException {
        return ModelFile.exists(folder.resolve(ModelFiles.DESCRIPTION))
                ? ScriptedModel.open(folder)
                : PretrainedModel.verified(folder);
    }

    private static String words(ModelReference.Remote remote, Map<String, StoredObject> files) {
        long bytes = files.values().stream().mapToLong(StoredObject::bytes).sum();
        return remote + ", " + new ByteSize(bytes);
    }

    /**
     * The archive that the engine loads, from the cache, after writing it there unless it is there already.
     *
     * @param model one whose tensors are all from its files
     */
    public Path archive(TaskModel model, ArchiveVariant.Inference variant) throws IOException {
        return cache.archive(model, variant);
    }

    /**
     * Writes a model's files as a version, and then their checksums beside it. Idempotent: files that are there with the same content
     * stay.
     *
     * @throws ModelException when the directory is not a usable classifier, or the version has other files
     * @throws io.modelbatch.store.ObjectExistsException when the version has a file with other content
     * @throws IOException when the outcome is failure or unknown; the call may be repeated
     */
    public void publish(DisplayPath directory, ObjectUri folder, String version) throws IOException {
        PretrainedModel.open(directory).forTask(Task.TEXT_CLASSIFICATION);
        PublishedVersion published = published(folder, version);
        ObjectUri target = published.files();
        List<String> names = ModelFiles.list(directory.path());
        Set<String> strangers = new HashSet<>(filesBelow(target).keySet());
        names.forEach(strangers::remove);
        if (!strangers.isEmpty()) {
            throw new ModelException(target + " already has other files: " + strangers + "; choose another version");
        }
        List<StoredObject> files = new ArrayList<>();
        for (String name : names) {
            files.add(store.put(target.child(name), directory.path().resolve(name)));
        }
        published.seal(files);
    }

    /** Keeps what was measured of a version, before it is published. Idempotent. */
    public void putMetrics(ObjectUri folder, String version, byte[] metrics) throws IOException {
        ObjectUri uri = published(folder, version).metrics();
        Optional<StoredObject> there = store.find(uri);
        if (there.isEmpty() || !there.get().crc32c().equals(Crc32c.of(metrics))) {
            store.replace(uri, metrics, there);
        }
    }

    /**
     * The metrics of a published version; empty when nothing was measured.
     *
     * @throws ModelException when the version is not as it was published
     */
    public Optional<byte[]> metrics(ObjectUri folder, String version) throws IOException {
        PublishedVersion published = published(folder, version);
        published.verify(filesBelow(published.files()));
        return store.find(published.metrics()).isEmpty()
                ? Optional.empty()
                : Optional.of(store.read(published.metrics()));
    }

    /** The version that {@code latest} points to; empty when nothing was published there. */
    public Optional<Latest> latest(ObjectUri folder) throws IOException {
        ObjectUri pointer = folder.child(ModelReference.LATEST);
        Optional<StoredObject> object = store.find(pointer);
        if (object.isEmpty()) {
            return Optional.empty();
        }
        JsonNode version = Json.object(
                        store.read(pointer), new DisplayPath(Path.of(ModelReference.LATEST), pointer.toString()))
                .path("version");
        if (!version.isString()) {
            throw new ModelException(pointer + " names no version; publish the model again");
        }
        return Optional.of(new Latest(version.stringValue(), object.get()));
    }

    /**
     * Points {@code latest} to a version, unless somebody else moved it meanwhile. Idempotent.
     *
     * @param seen the result of {@link #latest} when the decision was made
     * @throws ModelException when there is no such version
     * @throws io.modelbatch.store.ObjectExistsException when it was moved meanwhile; nothing was written
     */
    public void moveLatest(ObjectUri folder, String version, Optional<Latest> seen) throws IOException {
        PublishedVersion published = published(folder, version);
        Map<String, StoredObject> files = filesBelow(published.files());
        ModelFiles.requireWhole(files.keySet(), published.files().toString());
        published.verify(files);
        if (latest(folder).filter(now -> now.version().equals(version)).isPresent()) {
            return;
        }
        ObjectNode content = Json.MAPPER.createObjectNode().put("version", version);
        store.replace(
                folder.child(ModelReference.LATEST), Json.MAPPER.writeValueAsBytes(content), seen.map(Latest::object));
    }

    private ModelReference resolve(ModelReference reference) throws IOException {
        if (reference instanceof ModelReference.Remote remote
                && remote.version().filter(ModelReference.LATEST::equals).isPresent()) {
            Latest latest = latest(remote.folder())
                    .orElseThrow(() -> new ModelException(remote.folder().child(ModelReference.LATEST)
                            + " is missing: no model has been published there yet. Run the job that publishes it first"
                            + " (for one that is not published, leave out @latest)"));
            return new ModelReference.Remote(remote.folder(), Optional.of(latest.version()));
        }
        return reference;
    }

    private ModelDirectory cached(ModelReference resolved) throws IOException {
        if (resolved instanceof ModelReference.Remote remote) {
            return cache.downloadOf(folderOf(remote), filesOf(remote), store);
        }
        return cache.copyOf(((ModelReference.Local) resolved).folder());
    }

    private Map<String, StoredObject> filesOf(ModelReference.Remote remote) throws IOException {
        ObjectUri folder = folderOf(remote);
        Map<String, StoredObject> objects = filesBelow(folder);
        if (objects.isEmpty()) {
            throw new ModelException(folder + " has no files, so there is no model " + remote + ". " + copying(folder)
                    + ", or run the job that publishes it first");
        }
        ModelFiles.requireWhole(objects.keySet(), folder.toString());
        if (!folder.name().isEmpty()) { // also where a version is named without an @
            new PublishedVersion(store, folder.folder(), folder.fileName()).verify(objects);
        }
        return objects;
    }

    /** A bucket that is a folder of this machine needs no tool of Google's. */
    private String copying(ObjectUri folder) {
        String location = store.location(folder);
        return location.equals(folder.toString())
                ? "Copy one there (gcloud storage cp -r DIRECTORY " + folder + ")"
                : "Copy the files of one into the folder " + location;
    }

    private ObjectUri folderOf(ModelReference.Remote remote) {
        return remote.version()
                .map(version -> published(remote.folder(), version).files())
                .orElse(remote.folder());
    }

    private PublishedVersion published(ObjectUri folder, String version) {
        try {
            if (version.equals(ModelReference.LATEST)) {
                throw new IllegalArgumentException("'latest' is the name of the pointer and cannot be a version");
            }
            return new PublishedVersion(store, folder, ModelReference.checked(version));
        } catch (IllegalArgumentException e) {
            throw new ModelException(folder + ": " + e.getMessage(), e);
        }
    }

    /** The files of a folder, by their names in it, without other versions and their files. */
    private Map<String, StoredObject> filesBelow(ObjectUri folder) throws IOException {
        return store.list(folder).stream()
                .filter(object -> {
                    String name = object.uri().relativeTo(folder);
                    return !name.contains("/") || ModelFiles.belongs(name);
                })
                .collect(Collectors.toMap(object -> object.uri().relativeTo(folder), object -> object));
    }
}
