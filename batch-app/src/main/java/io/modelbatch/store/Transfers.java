package io.modelbatch.store;

import com.google.common.base.Throwables;
import com.google.common.util.concurrent.ThreadFactoryBuilder;
import io.modelbatch.base.AtomicFile;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

/**
 * Copies files and folders of this machine into buckets and back, {@value #AT_A_TIME} files at a time. Whatever arrives is complete and
 * has the checksum of what was sent. Repeating a transfer is not an error and sends nothing that is there already.
 *
 * <pre>{@code
 * Transfers transfers = Transfers.with(store);
 * transfers.upload(Path.of("reports"), ObjectUri.parse("gs://shop/reports/2026-03-31"));
 * transfers.overwriting().upload(Path.of("newest.csv"), ObjectUri.parse("gs://shop/newest.csv"));
 * transfers.download(ObjectUri.parse("gs://shop/prices"), Path.of("inputs"));
 * }</pre>
 *
 * @param store the buckets
 * @param existing the policy for an object that exists with different content
 * @param goesOn asked before each file; false ends the transfer between two files
 */
public record Transfers(ObjectStore store, Existing existing, BooleanSupplier goesOn) {
    private static final int AT_A_TIME = 8;

    /** The policy for an object that already exists with different content. */
    public enum Existing {
        /** It stays, and the transfer fails. */
        REFUSED,
        /** It is replaced, as a whole. */
        OVERWRITTEN
    }

    /** Transfers that overwrite no object. */
    public static Transfers with(ObjectStore store) {
        return new Transfers(store, Existing.REFUSED, () -> true);
    }

    /** The same, but objects with other content are replaced. Who replaces one that somebody else changes meanwhile fails. */
    public Transfers overwriting() {
        return new Transfers(store, Existing.OVERWRITTEN, goesOn);
    }

    /** The same, ended between two files once this is false; what the transfer then returns is what was done until then. */
    public Transfers goingOnWhile(BooleanSupplier condition) {
        return new Transfers(store, existing, condition);
    }

    /**
     * Uploads a file, or all files of a folder and the folders in it.
     *
     * @param from a file, whose object is {@code to}; or a folder, whose files' objects are below {@code to}, by their relative paths
     * @return the objects, in the order of their names
     * @throws ObjectExistsException when an object already exists with different content
     * @throws NoSuchFileException when there is no such file, or no file in the folder
     * @throws IOException when the outcome is failure or unknown; the call may be repeated
     */
    public List<StoredObject> upload(Path from, ObjectUri to) throws IOException {
        List<Callable<StoredObject>> uploads = new ArrayList<>();
        for (LocalFiles.Found file : LocalFiles.find(from)) {
            ObjectUri object = file.name().isEmpty() ? to : to.child(file.name());
            uploads.add(() -> upload(object, file.path()));
        }
        return run(uploads);
    }

    /**
     * Uploads chosen files.
     *
     * @param files by the names of their objects below {@code to}
     * @throws ObjectExistsException when an object already exists with different content
     * @throws IOException when the outcome is failure or unknown; the call may be repeated
     */
    public List<StoredObject> upload(Map<String, Path> files, ObjectUri to) throws IOException {
        List<Callable<StoredObject>> uploads = new ArrayList<>();
        files.forEach((name, file) -> uploads.add(() -> upload(to.child(name), file)));
        return run(uploads);
    }

    /**
     * Downloads an object, or all objects below a folder. A local file is replaced by the complete one in one step; until then it is as
     * it was.
     *
     * @param from an object, whose file is {@code to}, or is in it where {@code to} is a folder; or a folder, whose objects' files are
     *     in {@code to}, by their relative names
     * @return the files, in the order of their names
     * @throws NoSuchFileException when there is no such object, and none below
     * @throws IOException when the outcome is failure or unknown; the call may be repeated
     */
    public List<Path> download(ObjectUri from, Path to) throws IOException {
        Optional<StoredObject> single = store.find(from);
        List<StoredObject> below = store.list(from);
        if (single.isPresent() && !below.isEmpty()) {
            throw new ObjectExistsException(
                    from, "is an object, and a folder of " + below.size() + " more objects; name one of them");
        }
        if (single.isEmpty() && below.isEmpty()) {
            throw new NoSuchFileException(from.toString(), null, "there is no such object, and none below it");
        }
        List<Callable<Path>> downloads = new ArrayList<>();
        single.ifPresent(object -> {
            Path file = Files.isDirectory(to) ? to.resolve(from.fileName()) : to;
            downloads.add(() -> download(object, file));
        });
        int prefix = from.name().isEmpty() ? 0 : from.name().length() + 1;
        for (StoredObject object : below) {
            Path file = to.resolve(object.uri().name().substring(prefix));
            downloads.add(() -> download(object, file));
        }
        return run(downloads);
    }

    private StoredObject upload(ObjectUri uri, Path file) throws IOException {
        if (existing == Existing.REFUSED) {
            return store.put(uri, file);
        }
        Optional<StoredObject> there = store.find(uri);
        return there.isEmpty() || hasContent(file, there.get())
                ? store.put(uri, file)
                : store.replace(uri, file, there);
    }

    private Path download(StoredObject object, Path file) throws IOException {
        if (Files.isRegularFile(file) && hasContent(file, object)) {
            return file;
        }
        makeFolderOf(file, object);
        return AtomicFile.write(file, temporary -> store.download(object.uri(), temporary));
    }

    private static void makeFolderOf(Path file, StoredObject object) throws IOException {
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
        } catch (FileAlreadyExistsException e) {
            throw new FileAlreadyExistsException(
                    e.getFile(),
                    null,
                    "is a file where " + object.uri() + " needs a folder; move it, or choose another folder");
        }
    }

    private static boolean hasContent(Path file, StoredObject object) throws IOException {
        return Files.size(file) == object.bytes() && Crc32c.of(file).equals(object.crc32c());
    }

    /** Runs all transfers, or those before the first failure; no file is left half copied. */
    private <T> List<T> run(List<Callable<T>> transfers) throws IOException {
        AtomicBoolean failed = new AtomicBoolean();
        ExecutorService pool = Executors.newFixedThreadPool(
                Math.min(AT_A_TIME, transfers.size()),
                new ThreadFactoryBuilder()
                        .setNameFormat("transfer")
                        .setDaemon(true)
                        .build());
        try {
            List<Future<Optional<T>>> results = new ArrayList<>();
            for (Callable<T> transfer : transfers) {
                results.add(pool.submit(() -> runUnless(failed, transfer)));
            }
            return collect(results);
        } finally {
            pool.shutdownNow();
        }
    }

    private <T> Optional<T> runUnless(AtomicBoolean failed, Callable<T> transfer) throws Exception {
        if (failed.get() || !goesOn.getAsBoolean()) {
            return Optional.empty();
        }
        try {
            return Optional.of(transfer.call());
        } catch (Exception e) {
            failed.set(true);
            throw e;
        }
    }

    private static <T> List<T> collect(List<Future<Optional<T>>> results) throws IOException {
        List<T> done = new ArrayList<>();
        List<Throwable> failures = new ArrayList<>();
        for (Future<Optional<T>> result : results) {
            try {
                result.get().ifPresent(done::add);
            } catch (ExecutionException e) {
                failures.add(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("interrupted among " + results.size() + " files");
            }
        }
        if (!failures.isEmpty()) {
            throw first(failures);
        }
        return done;
    }

    /** The first in the order of the names, with the others behind it. */
    private static IOException first(List<Throwable> failures) {
        Throwable first = failures.get(0);
        failures.stream().skip(1).forEach(first::addSuppressed);
        Throwables.throwIfUnchecked(first);
        return first instanceof IOException failure ? failure : new IOException(first);
    }
}
