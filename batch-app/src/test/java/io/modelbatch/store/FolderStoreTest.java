package io.modelbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderStoreTest extends ObjectStoreContract {
    @TempDir
    private Path root;

    @Override
    protected ObjectStore emptyStore() {
        return ObjectStores.folder(root);
    }

    @Test
    void anObjectIsAFileBelowItsBucket() throws IOException {
        ObjectUri uri = ObjectUri.parse("gs://bucket/a/b");
        emptyStore().replace(uri, new byte[] {1}, Optional.empty());

        assertThat(root.resolve("bucket/a/b")).isRegularFile();
        assertThat(emptyStore().location(uri))
                .isEqualTo(root.resolve("bucket/a/b").toString());
    }

    /** A copy has the mode of its original, and is opened again to be flushed. */
    @Test
    void aReadOnlyFileBecomesAnObjectThatItsOwnerMayWrite(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "text");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r-xr--r--"));
        ObjectUri uri = ObjectUri.parse("gs://bucket/a");

        assertThat(emptyStore().localPath(uri)).hasValue(root.resolve("bucket/a"));
        emptyStore().put(uri, file);
        emptyStore().replace(ObjectUri.parse("gs://bucket/b"), file, Optional.empty());

        for (String name : List.of("a", "b")) {
            assertThat(Files.getPosixFilePermissions(root.resolve("bucket").resolve(name)))
                    .isEqualTo(PosixFilePermissions.fromString("rwxr--r--"));
        }
    }

    @Test
    void whatADeadWriterLeftIsRemovedADayLater() throws IOException {
        Files.createDirectories(root.resolve(".incoming"));
        Path old = Files.writeString(root.resolve(".incoming/object1"), "half");
        Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(2))));
        Path young = Files.writeString(root.resolve(".incoming/object2"), "half");

        emptyStore().replace(ObjectUri.parse("gs://bucket/a"), new byte[] {1}, Optional.empty());

        assertThat(old).doesNotExist();
        assertThat(young).exists();
    }

    @Test
    void whatADeadWriterLeftIsNoObject() throws IOException {
        Files.createDirectories(root.resolve(".incoming"));
        Files.writeString(root.resolve(".incoming/object123"), "half");

        assertThat(emptyStore().list(ObjectUri.parse("gs://bucket"))).isEmpty();
    }

    @Test
    void aFolderGoesWithItsLastObject() throws IOException {
        ObjectStore store = emptyStore();
        ObjectUri folder = ObjectUri.parse("gs://bucket/runs/one");
        store.replace(folder.child("a/b"), new byte[] {1}, Optional.empty());
        store.replace(folder.child("c"), new byte[] {1}, Optional.empty());

        store.delete(folder.child("a/b"));
        assertThat(root.resolve("bucket/runs/one/a")).doesNotExist();
        assertThat(root.resolve("bucket/runs/one/c")).exists();

        store.delete(folder.child("c"));
        assertThat(root.resolve("bucket")).isEmptyDirectory();
    }

    @Test
    void whatALinkLeadsToStays() throws IOException {
        Path elsewhere = Files.createDirectories(root.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("file"), "content");
        Files.createDirectories(root.resolve("bucket/folder"));
        Files.createSymbolicLink(root.resolve("bucket/folder/link"), elsewhere);
        Files.createSymbolicLink(root.resolve("bucket/linked"), elsewhere);
        ObjectStore store = emptyStore();

        assertThat(store.sizes(ObjectUri.parse("gs://bucket/linked"))).isEmpty();
        assertThat(store.sizes(ObjectUri.parse("gs://bucket/folder")).keySet())
                .containsExactly(ObjectUri.parse("gs://bucket/folder/link"));
        store.delete(ObjectUri.parse("gs://bucket/folder/link"));
        assertThat(elsewhere.resolve("file")).hasContent("content");

        store.delete(ObjectUri.parse("gs://bucket/linked/file"));
        assertThat(root.resolve("bucket/linked")).isSymbolicLink();
    }

    @Test
    void writersDoNotMindThatTheirFolderIsEmptiedBesideThem() throws Exception {
        ObjectStore store = emptyStore();
        Path file = Files.writeString(root.resolve("file"), "content");
        ExecutorService threads = Executors.newFixedThreadPool(4);
        List<Future<?>> writers = IntStream.range(0, 4)
                .<Future<?>>mapToObj(writer -> threads.submit(() -> {
                    for (int i = 0; i < 300; i++) {
                        ObjectUri uri = ObjectUri.parse("gs://bucket/a/b/" + writer);
                        store.put(uri, file);
                        store.delete(uri);
                    }
                    return null;
                }))
                .toList();

        for (Future<?> writer : writers) {
            writer.get();
        }
        threads.shutdown();
        assertThat(root.resolve("bucket")).isEmptyDirectory();
    }

    @Test
    void aFolderIsNoObject() throws IOException {
        Files.createDirectories(root.resolve("bucket/folder"));
        Path file = Files.writeString(root.resolve("file"), "content");
        ObjectUri folder = ObjectUri.parse("gs://bucket/folder");

        assertThat(emptyStore().find(folder)).isEmpty();
        assertThatThrownBy(() -> emptyStore().put(folder, file))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining("is the name of a folder");
    }
}
