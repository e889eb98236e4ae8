package io.modelbatch.model;

import com.google.common.hash.Hashing;
import io.modelbatch.base.AtomicFile;
import io.modelbatch.base.DisplayPath;
import io.modelbatch.model.script.ArchiveVariant;
import io.modelbatch.model.script.ScriptModule;
import io.modelbatch.model.tensor.ModelException;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Models by content: {@code models/FINGERPRINT/} holds a model's files, {@code sources/} remembers which objects gave which
 * fingerprint, {@code archives/} holds what was made of them. All appear by one rename; what a crash tore is noticed by its
 * fingerprint and fetched again. Several processes may share it: what is whole is never removed by any of them.
 */
final class ModelCache {
    private static final int ATTEMPTS = 3;
    private static final Predicate<String> FINGERPRINT =
            Pattern.compile("[0-9a-f]{64}").asMatchPredicate();

    private final Path root;
    private final Path models;
    private final Path sources;
    private final Path archives;

    /** Puts a model's files into an empty folder, or reads what is there. */
    @FunctionalInterface
    interface Use {
        void of(Path folder) throws IOException;
    }

    ModelCache(Path root) {
        this.root = root;
        this.models = root.resolve("models");
        this.sources = root.resolve("sources");
        this.archives = root.resolve("archives");
    }

    /** The fingerprints of the models that are there. */
    Set<String> fingerprints() throws IOException {
        if (!Files.isDirectory(models)) {
            return Set.of();
        }
        try (Stream<Path> folders = Files.list(models)) {
            return folders.map(folder -> folder.getFileName().toString())
                    .filter(FINGERPRINT)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    ModelDirectory copyOf(Path folder) throws IOException {
        // Opened where it lies first, so that what is wrong with it is said of the user's own folder.
        DisplayPath origin = DisplayPath.of(folder);
        String fingerprint = ModelDirectory.open(origin).fingerprint();
        Optional<ModelDirectory> known = find(fingerprint, origin.name());
        return known.isPresent()
                ? known.get()
                : add(origin.name(), target -> {
                    for (String name : ModelFiles.list(folder)) {
                        Files.createDirectories(target.resolve(name).getParent());
                        Files.copy(folder.resolve(name), target.resolve(name));
                    }
                });
    }

    /** Hands over a folder with the {@linkplain ModelOutline outline} of a model in a bucket, which is removed afterwards. */
    void withOutline(Map<String, StoredObject> objects, ObjectStore store, Use use) throws IOException {
        AtomicFolders.discardAbandoned(models);
        Path fresh = AtomicFolders.freshFolder(models);
        try {
            ModelOutline.write(objects, store, fresh);
            use.of(fresh);
        } finally {
            AtomicFolders.discard(fresh);
        }
    }

    ModelDirectory downloadOf(ObjectUri folder, Map<String, StoredObject> objects, ObjectStore store)
            throws IOException {
        Map<String, StoredObject> files = new TreeMap<>(objects);
        files.keySet().retainAll(ModelFiles.belonging(objects.keySet()));
        String digest = digest(files.values().toString());
        Optional<ModelDirectory> known = find(rememberedFingerprint(digest), folder.toString());
        if (known.isPresent()) {
            return known.get();
        }
        ModelDirectory model = add(folder.toString(), target -> {
            for (Map.Entry<String, StoredObject> file : files.entrySet()) {
                Path copy = target.resolve(file.getKey());
                Files.createDirectories(copy.getParent());
                store.download(file.getValue().uri(), copy);
            }
        });
        AtomicFile.write(
                sources.resolve(digest + ".txt"),
                temporary -> Files.writeString(temporary, digest + " " + model.fingerprint()));
        return model;
    }

    /** Of the model that came from objects of that digest; empty when none did, or the file is not the one that was written. */
    private String rememberedFingerprint(String digest) throws IOException {
        Path source = sources.resolve(digest + ".txt");
        byte[] content = Files.exists(source) ? Files.readAllBytes(source) : new byte[0];
        String[] words = new String(content, StandardCharsets.UTF_8).split(" ", -1);
        return words.length == 2 && words[0].equals(digest) ? words[1] : "";
    }

    Path archive(TaskModel model, ArchiveVariant.Inference variant) throws IOException {
        if (!model.initialised().isEmpty()) {
            throw new IllegalArgumentException("Newly initialised, so no files stand for it: " + model.initialised());
        }
        ScriptModule module = model.script(variant);
        // The source's digest stands for the generator's version: another computation is another archive.
        String name = "%s-%s-%s.pt"
                .formatted(
                        model.fingerprint(),
                        variant.precision(),
                        digest(module.source()).substring(0, 12));
        ChecksummedFile file = new ChecksummedFile(archives, name);
        if (!file.isWhole()) {
            file.write(temporary -> TorchScriptArchive.write(temporary, module));
        }
        return file.path();
    }

    /** The cached model under the name of its origin; empty when there is none, or not all of it. */
    private Optional<ModelDirectory> find(String fingerprint, String origin) throws IOException {
        if (!FINGERPRINT.test(fingerprint) || !Files.isDirectory(models.resolve(fingerprint))) {
            return Optional.empty();
        }
        Optional<ModelDirectory> model = whole(fingerprint, origin);
        return model.isPresent() ? model : AtomicFolders.alone(root, () -> wholeOrDiscarded(fingerprint, origin));
    }

    private Optional<ModelDirectory> whole(String fingerprint, String origin) throws IOException {
        try {
            return Optional.of(ModelDirectory.open(new DisplayPath(models.resolve(fingerprint), origin)))
                    .filter(model -> model.fingerprint().equals(fingerprint));
        } catch (ModelException | NoSuchFileException torn) {
            return Optional.empty();
        }
    }

    /** Looked at again where no other process can put it right and have that discarded. */
    private Optional<ModelDirectory> wholeOrDiscarded(String fingerprint, String origin) throws IOException {
        Optional<ModelDirectory> model = whole(fingerprint, origin);
        if (model.isEmpty()) {
            AtomicFolders.discard(models.resolve(fingerprint));
        }
        return model;
    }

    private ModelDirectory add(String origin, Use fill) throws IOException {
        AtomicFolders.discardAbandoned(models);
        Path fresh = AtomicFolders.freshFolder(models);
        try {
            fill.of(fresh);
            return publish(
                    fresh, ModelDirectory.open(new DisplayPath(fresh, origin)).fingerprint(), origin);
        } finally {
            AtomicFolders.discard(fresh);
        }
    }

    /** Moves a fresh copy into the cache, unless another process was faster and its copy is complete. */
    private ModelDirectory publish(Path fresh, String fingerprint, String origin) throws IOException {
        Path folder = models.resolve(fingerprint);
        for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
            AtomicFolders.publish(fresh, folder);
            Optional<ModelDirectory> published = find(fingerprint, origin);
            if (published.isPresent()) {
                return published.get();
            }
        }
        throw new IOException(folder + " is damaged after each attempt to write it: the disk may be full or failing");
    }

    private static String digest(String text) {
        return Hashing.sha256().hashString(text, StandardCharsets.UTF_8).toString();
    }
}
