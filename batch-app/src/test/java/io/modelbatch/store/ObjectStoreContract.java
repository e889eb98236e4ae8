package io.modelbatch.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The promises of every store of objects. */
public abstract class ObjectStoreContract {
    private static final int WRITERS = 8;

    @TempDir
    private Path files;

    private ObjectStore store;
    private ObjectUri folder;
    private ObjectUri object;

    /** Where the objects of a test are: a bucket, or a folder of its own. */
    protected ObjectUri root() {
        return ObjectUri.parse("gs://bucket");
    }

    /** A store without objects. */
    protected abstract ObjectStore emptyStore() throws Exception;

    /** The store under test. */
    protected ObjectStore store() {
        return store;
    }

    @BeforeEach
    void open() throws Exception {
        store = emptyStore();
        folder = root().child("folder");
        object = folder.child("object");
    }

    @Test
    void tellsLengthAndChecksumOfWhatItHolds() throws IOException {
        StoredObject stored = store.put(object, file("123456789"));

        assertThat(stored.uri()).isEqualTo(object);
        assertThat(stored.bytes()).isEqualTo(9);
        assertThat(stored.crc32c()).isEqualTo("e3069283");
        assertThat(store.find(object)).contains(stored);
        assertThat(store.read(object)).asString(StandardCharsets.UTF_8).isEqualTo("123456789");
    }

    @Test
    void readsTheBeginningOfAnObject() throws IOException {
        store.put(object, file("123456789"));

        assertThat(store.beginning(object, 4)).asString(StandardCharsets.UTF_8).isEqualTo("1234");
        assertThat(store.beginning(object, 9)).asString(StandardCharsets.UTF_8).isEqualTo("123456789");
        assertThat(store.beginning(object, 1 << 18))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("123456789");
        assertThatThrownBy(() -> store.beginning(object.folder().child("nothing"), 4))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void theSameContentAgainIsAdopted() throws IOException {
        StoredObject first = store.put(object, file("content"));

        assertThat(store.put(object, file("content"))).isEqualTo(first);
    }

    @Test
    void otherContentUnderATakenNameIsRefused() throws IOException {
        store.put(object, file("content"));

        assertThatThrownBy(() -> store.put(object, file("contend")))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(object.toString());
        assertThat(store.read(object)).asString(StandardCharsets.UTF_8).isEqualTo("content");
    }

    @Test
    void ofManyWhoWriteANameAtOnceOneWins() throws Exception {
        List<Path> contents = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            contents.add(file("content of writer " + writer));
        }

        long winners = atOnce(contents.stream()
                .map(content -> (Callable<StoredObject>) () -> store.put(object, content))
                .toList());

        assertThat(winners).isOne();
        assertThat(store.read(object)).asString(StandardCharsets.UTF_8).startsWith("content of writer ");
    }

    @Test
    void aPointerIsReplacedOnlyByWhoSawIt() throws IOException {
        StoredObject first = store.replace(object, bytes("one"), Optional.empty());
        StoredObject second = store.replace(object, bytes("two"), Optional.of(first));

        assertThatThrownBy(() -> store.replace(object, bytes("three"), Optional.of(first)))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(object.toString());
        assertThatThrownBy(() -> store.replace(object, bytes("three"), Optional.empty()))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(store.find(object)).contains(second);
        assertThat(store.read(object)).asString(StandardCharsets.UTF_8).isEqualTo("two");
    }

    @Test
    void anObjectIsReplacedByAFileOnlyByWhoSawIt() throws IOException {
        byte[] large = new byte[5 << 20];
        new Random(2).nextBytes(large);
        StoredObject first = store.replace(object, file("one"), Optional.empty());
        StoredObject second = store.replace(object, Files.write(files.resolve("large"), large), Optional.of(first));

        assertThat(second.bytes()).isEqualTo(large.length);
        assertThatThrownBy(() -> store.replace(object, file("three"), Optional.of(first)))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(object.toString());
        assertThatThrownBy(() -> store.replace(object, file("three"), Optional.empty()))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(store.find(object)).contains(second);
        assertThat(Arrays.equals(store.read(object), large)).isTrue();
    }

    @Test
    void ofManyWhoReplaceWhatTheySawOneWins() throws Exception {
        Optional<StoredObject> seen = Optional.of(store.replace(object, bytes("seen"), Optional.empty()));
        List<Callable<StoredObject>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            byte[] content = bytes("content of writer " + writer);
            writers.add(() -> store.replace(object, content, seen));
        }

        assertThat(atOnce(writers)).isOne();
    }

    @Test
    void listsWhatIsBelowAFolderByName() throws IOException {
        for (String name : List.of("b", "a/2", "a/1", "a-1", "a")) {
            if (!name.equals("a")) {
                store.put(folder.child(name), file(name));
            }
        }

        assertThat(store.list(folder.child("a")))
                .extracting(listed -> listed.uri().toString())
                .containsExactly(folder + "/a/1", folder + "/a/2");
        assertThat(store.list(folder)).hasSize(4);
        assertThat(store.list(root().child("nothing"))).isEmpty();
    }

    @Test
    void tellsTheLengthsOfWhatIsBelowAFolder() throws IOException {
        store.put(folder.child("b/long"), file("123456789"));
        store.put(folder.child("a"), file("1"));
        store.put(root().child("folder-2/a"), file("12"));

        assertThat(store.sizes(folder))
                .containsExactly(entry(folder.child("a"), 1L), entry(folder.child("b/long"), 9L));
        assertThat(store.sizes(root().child("nothing"))).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        assertThat(store.find(object)).isEmpty();
        assertThatThrownBy(() -> store.read(object))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(object.toString());
        assertThatThrownBy(() -> store.download(object, files.resolve("copy"))).isInstanceOf(NoSuchFileException.class);
        assertThatCode(() -> store.delete(object)).doesNotThrowAnyException();
    }

    @Test
    void aDeletedNameIsFree() throws IOException {
        store.put(object, file("content"));
        store.delete(object);

        assertThat(store.find(object)).isEmpty();
        store.put(object, file("other"));
    }

    @Test
    void emptyAndLargeObjectsComeBackAsTheyWere() throws IOException {
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);
        Path file = Files.write(files.resolve("large"), large);
        store.put(folder.child("large"), file);
        store.put(folder.child("empty"), file(""));

        Path copy = files.resolve("copy");
        store.download(folder.child("large"), copy);

        assertThat(Arrays.equals(Files.readAllBytes(copy), large)).isTrue();
        assertThat(store.read(folder.child("empty"))).isEmpty();
    }

    @Test
    void namesMayHoldAnyCharacter() throws IOException {
        for (String name : List.of("日本語", "with space", "per%20cent", "a#b?c", "quote'\"", "ｶﾅ🥛")) {
            store.put(folder.child(name), file(name));

            assertThat(store.read(folder.child(name)))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(name);
        }
        assertThat(store.list(folder)).hasSize(6);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(files, "content", ""), content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The number that succeed; the others must be refused because the name is taken. */
    private static long atOnce(List<Callable<StoredObject>> writers) throws Exception {
        ExecutorService pool = Executors.newFixedThreadPool(writers.size());
        try {
            long winners = 0;
            for (Future<StoredObject> writer : pool.invokeAll(writers)) {
                try {
                    writer.get();
                    winners++;
                } catch (java.util.concurrent.ExecutionException refused) {
                    assertThat(refused).hasCauseInstanceOf(ObjectExistsException.class);
                }
            }
            return winners;
        } finally {
            pool.shutdownNow();
        }
    }
}
