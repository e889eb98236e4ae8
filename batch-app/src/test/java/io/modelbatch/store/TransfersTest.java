package io.modelbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TransfersTest {
    private static final ObjectUri TARGET = ObjectUri.parse("gs://bucket/reports/today");

    @TempDir
    private Path root;

    private ObjectStore store;
    private Path folder;

    @BeforeEach
    void open() throws IOException {
        store = ObjectStores.folder(root.resolve("buckets"));
        folder = Files.createDirectories(root.resolve("local/reports"));
    }

    @Test
    void aFileBecomesTheObjectOfThatName() throws IOException {
        List<StoredObject> objects = Transfers.with(store).upload(file("summary.csv", "a,b"), TARGET);

        assertThat(objects).extracting(StoredObject::uri).containsExactly(TARGET);
        assertThat(store.read(TARGET)).asString().isEqualTo("a,b");
    }

    @Test
    void aFolderKeepsItsPathsBelowTheObjectsName() throws IOException {
        file("summary.csv", "a,b");
        file("2026/03/31 日本.csv", "c,d");
        file(".hidden", "e");

        List<StoredObject> objects = Transfers.with(store).upload(folder, TARGET);

        assertThat(objects)
                .extracting(object -> object.uri().name())
                .containsExactly(
                        "reports/today/.hidden", "reports/today/2026/03/31 日本.csv", "reports/today/summary.csv");
        assertThat(store.read(TARGET.child("2026/03/31 日本.csv"))).asString().isEqualTo("c,d");
    }

    @Test
    void aFolderComesBackAsItWas() throws IOException {
        file("summary.csv", "a,b");
        file("2026/03/31.csv", "c,d");
        file("empty", "");
        Transfers.with(store).upload(folder, TARGET);

        List<Path> files = Transfers.with(store).download(TARGET, root.resolve("copy"));

        assertThat(files)
                .containsExactly(
                        root.resolve("copy/2026/03/31.csv"),
                        root.resolve("copy/empty"),
                        root.resolve("copy/summary.csv"));
        assertThat(root.resolve("copy/2026/03/31.csv")).hasContent("c,d");
        assertThat(root.resolve("copy/empty")).isEmptyFile();
        assertThat(names(root.resolve("copy"))).containsExactlyInAnyOrder("2026", "empty", "summary.csv");
    }

    @Test
    void uploadingAgainAdoptsWhatIsThereAndAddsWhatIsNew() throws IOException {
        file("a", "1");
        List<StoredObject> first = Transfers.with(store).upload(folder, TARGET);
        file("b", "2");

        List<StoredObject> second = Transfers.with(store).upload(folder, TARGET);

        assertThat(second).hasSize(2).containsAll(first);
    }

    @Test
    void otherContentIsRefusedAndStays() throws IOException {
        Transfers.with(store).upload(file("a", "before"), TARGET);

        assertThatThrownBy(() -> Transfers.with(store).upload(file("a", "after"), TARGET))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(TARGET.toString());

        assertThat(store.read(TARGET)).asString().isEqualTo("before");
    }

    @Test
    void overwritingReplacesOtherContentAndLeavesTheSame() throws IOException {
        file("same", "same");
        file("other", "before");
        Transfers transfers = Transfers.with(store).overwriting();
        List<StoredObject> first = transfers.upload(folder, TARGET);
        file("other", "after");

        List<StoredObject> second = transfers.upload(folder, TARGET);

        assertThat(second.get(1)).isEqualTo(first.get(1));
        assertThat(store.read(TARGET.child("other"))).asString().isEqualTo("after");
    }

    @Test
    void linksAreFollowedInsideTheFolder() throws IOException {
        Path file = file("data/a", "1");
        Files.createSymbolicLink(folder.resolve("b"), file);
        Path link = Files.createSymbolicLink(root.resolve("linked"), folder);

        assertThat(Transfers.with(store).upload(link, TARGET))
                .extracting(object -> object.uri().fileName())
                .containsExactly("b", "a");
    }

    @Test
    void aLinkOutOfTheFolderIsRefusedBeforeAnythingIsSent() throws IOException {
        file("a", "1");
        Path secret = Files.writeString(root.resolve("local/key"), "secret");
        Files.createSymbolicLink(folder.resolve("b"), secret);

        assertThatThrownBy(() -> Transfers.with(store).upload(folder, TARGET))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(
                        folder.resolve("b").toString(),
                        "is a link to a place outside the folder",
                        "replace it with a copy");
        assertThat(store.list(TARGET)).isEmpty();
    }

    @Test
    void aLinkToAFolderOutsideIsRefused() throws IOException {
        Path outside = Files.createDirectories(root.resolve("local/other"));
        Files.createSymbolicLink(folder.resolve("b"), outside);

        assertThatThrownBy(() -> Transfers.with(store).upload(folder, TARGET))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining("is a link to a place outside the folder");
    }

    @Test
    void aLinkToNothingAndALinkThatTurnsInCirclesAreNamed() throws IOException {
        Path link = Files.createSymbolicLink(folder.resolve("b"), Path.of("gone"));

        assertThatThrownBy(() -> Transfers.with(store).upload(folder, TARGET))
                .isInstanceOf(IOException.class)
                .hasMessageContainingAll(link.toString(), "broken link");

        Files.delete(link);
        Files.createSymbolicLink(folder.resolve("c"), folder);
        assertThatThrownBy(() -> Transfers.with(store).upload(folder, TARGET))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining(folder.resolve("c").toString());
    }

    @Test
    void aLinkToAFolderAboveIsNamed(@TempDir Path own) throws IOException {
        Path deep = Files.createDirectories(own.resolve("a/b"));
        Files.writeString(deep.resolve("x.txt"), "x");
        Files.createSymbolicLink(deep.resolve("up"), own.resolve("a"));

        assertThatThrownBy(() -> Transfers.with(store).upload(own, ObjectUri.parse("gs://bb/x")))
                .isInstanceOf(java.nio.file.AccessDeniedException.class)
                .hasMessageContaining("a/b/up")
                .hasMessageContaining("is a link to a folder above it");
    }

    @Test
    void aNameAsLongAsAFileSystemHasItComesBack(@TempDir Path own) throws IOException {
        String name = "日".repeat(85);
        Files.writeString(own.resolve(name), "x");
        ObjectUri object = ObjectUri.parse("gs://bb/x");

        Transfers.with(store).upload(own, object);
        Path back = Files.createDirectory(own.resolve("back"));

        assertThat(Transfers.with(store).download(object, back)).containsExactly(back.resolve(name));
    }

    @Test
    void whatIsNotThereIsNamed() {
        assertThatThrownBy(() -> Transfers.with(store).upload(root.resolve("nothing"), TARGET))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContainingAll(root + "/nothing", "there is no such file or folder");
        assertThatThrownBy(() -> Transfers.with(store).upload(Path.of("~/nothing"), TARGET))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("~ is not replaced here");
        assertThatThrownBy(() -> Transfers.with(store).upload(folder, TARGET))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContainingAll(folder.toString(), "contains no files");
        assertThatThrownBy(() -> Transfers.with(store).download(TARGET, folder))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(TARGET.toString());
    }

    @Test
    void anObjectBecomesTheFileOfThatNameOrComesIntoAFolder() throws IOException {
        Transfers.with(store).upload(file("a", "1"), TARGET);

        assertThat(Transfers.with(store).download(TARGET, root.resolve("new/name")))
                .containsExactly(root.resolve("new/name"));
        assertThat(Transfers.with(store).download(TARGET, root.resolve("new")))
                .containsExactly(root.resolve("new/today"));
    }

    @Test
    void aFileWithOtherContentIsReplacedAndTheSameStays() throws IOException {
        Transfers.with(store).upload(file("a", "1"), TARGET.child("a"));
        Transfers.with(store).upload(file("b", "2"), TARGET.child("b"));
        Path same = file("a", "1");
        Object before = Files.readAttributes(same, "unix:ino").get("ino");
        file("b", "other");

        Transfers.with(store).download(TARGET, folder);

        assertThat(folder.resolve("b")).hasContent("2");
        assertThat(Files.readAttributes(same, "unix:ino")).containsEntry("ino", before);
    }

    @Test
    void aFileWhereAFolderIsNeededIsNamed() throws IOException {
        Transfers.with(store).upload(file("a/b", "1"), TARGET.child("a/b"));
        Path file = Files.writeString(Files.createDirectory(root.resolve("to")).resolve("a"), "file");

        assertThatThrownBy(() -> Transfers.with(store).download(TARGET, root.resolve("to")))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContainingAll(file.toString(), "is a file where", "choose another folder");
        assertThat(file).hasContent("file");
    }

    @Test
    void aDownloadThatFailsLeavesWhatWasThere() throws IOException {
        Transfers.with(store).upload(file("a", "new"), TARGET);
        Path there = Files.writeString(Files.createDirectory(root.resolve("to")).resolve("today"), "before");
        ObjectStore broken = intercepted(store, "download", (uri, file) -> {
            Files.writeString(file, "hal");
            throw new IOException("the connection is lost");
        });

        assertThatThrownBy(() -> Transfers.with(broken).download(TARGET, there)).hasMessage("the connection is lost");

        assertThat(there).hasContent("before");
        assertThat(names(root.resolve("to"))).containsExactly("today");
    }

    /** It does not pass, as an I/O failure may. */
    @Test
    void anErrorIsNotTakenForAnIoFailure() throws IOException {
        ObjectStore broken = intercepted(store, "put", (uri, file) -> {
            throw new OutOfMemoryError("Java heap space");
        });

        assertThatThrownBy(() -> Transfers.with(broken).upload(file("a", "content"), TARGET))
                .isInstanceOf(OutOfMemoryError.class);
    }

    @Test
    void afterAFailureNoOtherFileIsBegun() throws IOException {
        for (int i = 0; i < 50; i++) {
            file("%02d".formatted(i), "content");
        }
        AtomicInteger begun = new AtomicInteger();
        ObjectStore broken = intercepted(store, "put", (uri, file) -> {
            begun.incrementAndGet();
            throw new IOException("no answer for " + uri);
        });

        assertThatThrownBy(() -> Transfers.with(broken).upload(folder, TARGET))
                .hasMessageStartingWith("no answer for " + TARGET + "/");

        assertThat(begun.get()).isBetween(1, 20);
    }

    @Test
    void severalFilesAreSentAtATimeAndNotAll() throws IOException {
        for (int i = 0; i < 50; i++) {
            file("%02d".formatted(i), "content");
        }
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ObjectStore slow = intercepted(store, "put", (uri, file) -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(20);
            now.decrementAndGet();
            return Optional.empty();
        });

        Transfers.with(slow).upload(folder, TARGET);

        assertThat(most.get()).isBetween(2, 8);
    }

    @Test
    void endsBetweenTwoFiles() throws IOException {
        for (int i = 0; i < 50; i++) {
            file("%02d".formatted(i), "content");
        }
        AtomicInteger asked = new AtomicInteger();

        List<StoredObject> objects = Transfers.with(store)
                .goingOnWhile(() -> asked.incrementAndGet() <= 10)
                .upload(folder, TARGET);

        assertThat(objects).hasSize(10);
        assertThat(store.list(TARGET)).hasSize(10);
    }

    private Path file(String name, String content) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.writeString(file, content);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    private interface Instead {
        /** Empty: what the store does. */
        Optional<Object> happens(ObjectUri uri, Path file) throws Exception;
    }

    private static ObjectStore intercepted(ObjectStore store, String call, Instead instead) {
        return (ObjectStore) Proxy.newProxyInstance(
                ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals(call)) {
                        Optional<Object> answer = instead.happens((ObjectUri) arguments[0], (Path) arguments[1]);
                        if (answer.isPresent()) {
                            return answer.get();
                        }
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
