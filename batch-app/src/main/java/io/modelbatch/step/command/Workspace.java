package io.modelbatch.step.command;

import io.modelbatch.run.StopRequest;
import io.modelbatch.step.Workspaces;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.Transfers;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The folder in which a program works. A later execution of the run continues with the files that the execution before left: those on this
 * machine, or, where another machine was the last one, those that were saved to the bucket. Each execution copies the directory over them.
 *
 * @param home holds the files and what belongs to them
 * @param store the bucket
 * @param folder of the step in the bucket
 */
record Workspace(Path home, ObjectStore store, ObjectUri folder) {
    private static final String PREFIX = "workspace-";
    private static final String SUFFIX = ".tar";

    /** The folder of the program. */
    Path files() {
        return home.resolve("workspace");
    }

    /** The file of what the program prints. */
    Path output() {
        return home.resolve("output.log");
    }

    /**
     * Fills it for an execution of the step.
     *
     * @param directory the folder whose files are copied into it; empty for none
     */
    void open(long execution, Optional<Path> directory) throws IOException {
        OptionalLong here = here();
        OptionalLong saved = saved();
        if (here.isEmpty() || saved.orElse(0) > here.getAsLong()) {
            Workspaces.delete(home);
            Files.createDirectories(files());
            if (saved.isPresent()) {
                restore(saved.getAsLong());
            }
        }
        if (directory.isPresent()) { // in a resumed run its files may have been corrected
            copy(directory.get());
        }
        Files.writeString(home.resolve("execution"), Long.toString(execution));
    }

    /** Copies inputs into it, in place of what has their names. */
    void download(InputOptions options, StopRequest stop) throws IOException {
        for (Map.Entry<Path, ObjectUri> input : options.places().entrySet()) {
            Path place = files().resolve(input.getKey());
            Path parent = place.getParent();
            if (Files.isSymbolicLink(parent)) { // of 'directory', to files of the user
                Files.delete(parent);
            }
            Workspaces.delete(place);
            Files.createDirectories(parent);
            Transfers.with(store).goingOnWhile(() -> !stop.requested()).download(input.getValue(), place);
        }
    }

    /** Removes inputs: they are neither results nor needed again. */
    void remove(InputOptions options) throws IOException {
        for (Path place : options.places().keySet()) {
            Workspaces.delete(files().resolve(place));
        }
    }

    /** The length of all files. */
    long bytes() throws IOException {
        return Workspaces.bytes(files());
    }

    /** Saves the files to the bucket, in place of what an execution before saved. */
    ObjectUri save(long execution) throws IOException {
        Path archive = home.resolve(PREFIX + execution + SUFFIX);
        try {
            TarFile.write(files(), archive);
            store.put(object(execution), archive);
        } finally {
            Files.deleteIfExists(archive);
        }
        removeSaved(execution);
        return object(execution);
    }

    /** Removes what was saved, but for one execution. */
    void removeSaved(long butFor) throws IOException {
        for (ObjectUri object : store.sizes(folder).keySet()) {
            OptionalLong execution = execution(object);
            if (execution.isPresent() && execution.getAsLong() != butFor) {
                store.delete(object);
            }
        }
    }

    private void restore(long execution) throws IOException {
        Path archive = home.resolve(PREFIX + execution + SUFFIX);
        store.download(object(execution), archive);
        TarFile.extract(archive, files());
        Files.delete(archive);
    }

    private OptionalLong here() throws IOException {
        Path execution = home.resolve("execution");
        return Files.exists(execution) && Files.isDirectory(files())
                ? OptionalLong.of(Long.parseLong(Files.readString(execution)))
                : OptionalLong.empty();
    }

    private OptionalLong saved() throws IOException {
        return store.sizes(folder).keySet().stream()
                .map(this::execution)
                .flatMapToLong(OptionalLong::stream)
                .max();
    }

    private ObjectUri object(long execution) {
        return folder.child(PREFIX + execution + SUFFIX);
    }

    private OptionalLong execution(ObjectUri object) {
        String name = object.relativeTo(folder);
        return name.matches(PREFIX + "[0-9]{1,18}\\.tar")
                ? OptionalLong.of(Long.parseLong(name.substring(PREFIX.length(), name.length() - SUFFIX.length())))
                : OptionalLong.empty();
    }

    /** Copies a directory into it, over files of the same names. */
    void copy(Path directory) throws IOException {
        Path real = ProgramDirectory.verify(directory, home);
        Files.walkFileTree(real, copyOf(real));
    }

    /** Links stay links. */
    private FileVisitor<Path> copyOf(Path directory) {
        return new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path each, BasicFileAttributes attributes) throws IOException {
                Files.createDirectories(files().resolve(directory.relativize(each)));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path each, BasicFileAttributes attributes) throws IOException {
                if (attributes.isRegularFile() || attributes.isSymbolicLink()) {
                    Files.copy(
                            each,
                            files().resolve(directory.relativize(each)),
                            LinkOption.NOFOLLOW_LINKS,
                            StandardCopyOption.REPLACE_EXISTING,
                            StandardCopyOption.COPY_ATTRIBUTES);
                }
                return FileVisitResult.CONTINUE;
            }
        };
    }
}
