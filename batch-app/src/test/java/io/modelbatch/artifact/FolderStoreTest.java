package io.modelbatch.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
