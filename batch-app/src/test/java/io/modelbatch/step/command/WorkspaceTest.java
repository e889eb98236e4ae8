package io.modelbatch.step.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.step.Workspaces;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files of a program on two machines that share a bucket. */
class WorkspaceTest {
    private static final ObjectUri STEP = ObjectUri.parse("gs://runs/run-1/step");

    @TempDir
    private Path folder;

    private ObjectStore store;
    private Workspace one;
    private Workspace other;

    @BeforeEach
    void open() throws IOException {
        store = ObjectStores.folder(folder.resolve("buckets"));
        one = new Workspace(folder.resolve("one/run-1/step"), store, STEP);
        other = new Workspace(folder.resolve("other/run-1/step"), store, STEP);
        Files.createDirectories(folder.resolve("directory"));
        Files.writeString(folder.resolve("directory/script.sh"), "echo");
    }

    @Test
    void beginsWithACopyOfTheDirectory() throws IOException {
        one.open(1, Optional.of(folder.resolve("directory")));

        assertThat(one.files().resolve("script.sh")).hasContent("echo");
    }

    @Test
    void theMachineThatHadTheRunLastHasTheFilesThatCount() throws IOException {
        one.open(1, Optional.of(folder.resolve("directory")));
        write(one, "1");
        one.save(1);

        other.open(2, Optional.of(folder.resolve("directory")));
        assertThat(other.files().resolve("progress")).hasContent("1");
        assertThat(other.files().resolve("script.sh")).hasContent("echo");
        write(other, "2");
        other.save(2);

        one.open(3, Optional.of(folder.resolve("directory")));
        assertThat(one.files().resolve("progress")).hasContent("2");
        assertThat(store.sizes(STEP).keySet()).extracting(ObjectUri::fileName).containsExactly("workspace-2.tar");
    }

    @Test
    void aScriptThatWasCorrectedReplacesItsCopy() throws IOException {
        one.open(1, Optional.of(folder.resolve("directory")));
        write(one, "1");
        Files.writeString(folder.resolve("directory/script.sh"), "echo corrected");

        one.open(2, Optional.of(folder.resolve("directory")));

        assertThat(one.files().resolve("script.sh")).hasContent("echo corrected");
        assertThat(one.files().resolve("progress")).hasContent("1");
    }

    @Test
    void filesOfAKilledExecutionAreNewerThanWhatWasSavedBefore() throws IOException {
        one.open(1, Optional.empty());
        write(one, "1");
        one.save(1);
        one.open(2, Optional.empty());
        write(one, "killed here");

        one.open(3, Optional.empty());

        assertThat(one.files().resolve("progress")).hasContent("killed here");
    }

    @Test
    void aCopyThatWasInterruptedIsMadeAgain() throws IOException {
        Files.createDirectories(one.files());
        Files.writeString(one.files().resolve("script.sh"), "ec");

        one.open(1, Optional.of(folder.resolve("directory")));

        assertThat(one.files().resolve("script.sh")).hasContent("echo");
    }

    @Test
    void aReadOnlyFolderIsRemovedToo() throws IOException {
        one.open(1, Optional.empty());
        Path locked = Files.createDirectories(one.files().resolve("cache/below"));
        Files.writeString(locked.resolve("file"), "");
        Files.setPosixFilePermissions(locked, PosixFilePermissions.fromString("r-xr-xr-x"));

        new Workspaces(folder.resolve("one")).remove("run-1", "step");

        assertThat(folder.resolve("one")).isEmptyDirectory();
    }

    private static void write(Workspace workspace, String text) throws IOException {
        Files.writeString(workspace.files().resolve("progress"), text);
    }
}
