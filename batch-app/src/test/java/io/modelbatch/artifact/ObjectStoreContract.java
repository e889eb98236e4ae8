package io.modelbatch.artifact;

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

/** What every store of objects must do. */
public abstract class ObjectStoreContract {
    private static final ObjectUri FOLDER = ObjectUri.parse("gs://bucket/folder");
    private static final ObjectUri OBJECT = FOLDER.child("object");
    private static final int WRITERS = 8;

    @TempDir
    private Path files;

    private ObjectStore store;

    /** A store without objects. */
    protected abstract ObjectStore emptyStore() throws Exception;

    /** The store under test. */
    protected ObjectStore store() {
        return store;
    }

    @BeforeEach
    void open() throws Exception {
        store = emptyStore();
    }

    @Test
    void tellsLengthAndChecksumOfWhatItHolds() throws IOException {
        StoredObject stored = store.put(OBJECT, file("123456789"));

        assertThat(stored.uri()).isEqualTo(OBJECT);
        assertThat(stored.bytes()).isEqualTo(9);
        assertThat(stored.crc32c()).isEqualTo("e3069283");
        assertThat(store.find(OBJECT)).contains(stored);
        assertThat(store.read(OBJECT)).asString(StandardCharsets.UTF_8).isEqualTo("123456789");
    }

    @Test
    void readsTheBeginningOfAnObject() throws IOException {
        store.put(OBJECT, file("123456789"));

        assertThat(store.beginning(OBJECT, 4)).asString(StandardCharsets.UTF_8).isEqualTo("1234");
        assertThat(store.beginning(OBJECT, 9)).asString(StandardCharsets.UTF_8).isEqualTo("123456789");
        assertThat(store.beginning(OBJECT, 1 << 18))
                .asString(StandardCharsets.UTF_8)
                .isEqualTo("123456789");
        assertThatThrownBy(() -> store.beginning(OBJECT.folder().child("nothing"), 4))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void theSameContentAgainIsAdopted() throws IOException {
        StoredObject first = store.put(OBJECT, file("content"));

        assertThat(store.put(OBJECT, file("content"))).isEqualTo(first);
    }

    @Test
    void otherContentUnderATakenNameIsRefused() throws IOException {
        store.put(OBJECT, file("content"));

        assertThatThrownBy(() -> store.put(OBJECT, file("contend")))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(OBJECT.toString());
        assertThat(store.read(OBJECT)).asString(StandardCharsets.UTF_8).isEqualTo("content");
    }

    @Test
    void ofManyWhoWriteANameAtOnceOneWins() throws Exception {
        List<Path> contents = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            contents.add(file("content of writer " + writer));
        }

        long winners = atOnce(contents.stream()
                .map(content -> (Callable<StoredObject>) () -> store.put(OBJECT, content))
                .toList());

        assertThat(winners).isOne();
        assertThat(store.read(OBJECT)).asString(StandardCharsets.UTF_8).startsWith("content of writer ");
    }

    @Test
    void aPointerIsReplacedOnlyByWhoSawIt() throws IOException {
        StoredObject first = store.replace(OBJECT, bytes("one"), Optional.empty());
        StoredObject second = store.replace(OBJECT, bytes("two"), Optional.of(first));

        assertThatThrownBy(() -> store.replace(OBJECT, bytes("three"), Optional.of(first)))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(OBJECT.toString());
        assertThatThrownBy(() -> store.replace(OBJECT, bytes("three"), Optional.empty()))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(store.find(OBJECT)).contains(second);
        assertThat(store.read(OBJECT)).asString(StandardCharsets.UTF_8).isEqualTo("two");
    }

    @Test
    void anObjectIsReplacedByAFileOnlyByWhoSawIt() throws IOException {
        byte[] large = new byte[5 << 20];
        new Random(2).nextBytes(large);
        StoredObject first = store.replace(OBJECT, file("one"), Optional.empty());
        StoredObject second = store.replace(OBJECT, Files.write(files.resolve("large"), large), Optional.of(first));

        assertThat(second.bytes()).isEqualTo(large.length);
        assertThatThrownBy(() -> store.replace(OBJECT, file("three"), Optional.of(first)))
                .isInstanceOf(ObjectExistsException.class)
                .hasMessageContaining(OBJECT.toString());
        assertThatThrownBy(() -> store.replace(OBJECT, file("three"), Optional.empty()))
                .isInstanceOf(ObjectExistsException.class);
        assertThat(store.find(OBJECT)).contains(second);
        assertThat(Arrays.equals(store.read(OBJECT), large)).isTrue();
    }

    @Test
    void ofManyWhoReplaceWhatTheySawOneWins() throws Exception {
        Optional<StoredObject> seen = Optional.of(store.replace(OBJECT, bytes("seen"), Optional.empty()));
        List<Callable<StoredObject>> writers = new ArrayList<>();
        for (int writer = 0; writer < WRITERS; writer++) {
            byte[] content = bytes("content of writer " + writer);
            writers.add(() -> store.replace(OBJECT, content, seen));
        }

        assertThat(atOnce(writers)).isOne();
    }

    @Test
    void listsWhatIsBelowAFolderByName() throws IOException {
        for (String name : List.of("b", "a/2", "a/1", "a-1", "a")) {
            if (!name.equals("a")) {
                store.put(FOLDER.child(name), file(name));
            }
        }

        assertThat(store.list(FOLDER.child("a")))
                .extracting(object -> object.uri().toString())
                .containsExactly("gs://bucket/folder/a/1", "gs://bucket/folder/a/2");
        assertThat(store.list(FOLDER)).hasSize(4);
        assertThat(store.list(ObjectUri.parse("gs://bucket/nothing"))).isEmpty();
    }

    @Test
    void tellsTheLengthsOfWhatIsBelowAFolder() throws IOException {
        store.put(FOLDER.child("b/long"), file("123456789"));
        store.put(FOLDER.child("a"), file("1"));
        store.put(ObjectUri.parse("gs://bucket/folder-2/a"), file("12"));

        assertThat(store.sizes(FOLDER))
                .containsExactly(entry(FOLDER.child("a"), 1L), entry(FOLDER.child("b/long"), 9L));
        assertThat(store.sizes(ObjectUri.parse("gs://bucket/nothing"))).isEmpty();
    }

    @Test
    void whatIsNotThereIsNamed() throws IOException {
        assertThat(store.find(OBJECT)).isEmpty();
        assertThatThrownBy(() -> store.read(OBJECT))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining(OBJECT.toString());
        assertThatThrownBy(() -> store.download(OBJECT, files.resolve("copy"))).isInstanceOf(NoSuchFileException.class);
        assertThatCode(() -> store.delete(OBJECT)).doesNotThrowAnyException();
    }

    @Test
    void aDeletedNameIsFree() throws IOException {
        store.put(OBJECT, file("content"));
        store.delete(OBJECT);

        assertThat(store.find(OBJECT)).isEmpty();
        store.put(OBJECT, file("other"));
    }

    @Test
    void emptyAndLargeObjectsComeBackAsTheyWere() throws IOException {
        byte[] large = new byte[5 << 20];
        new Random(1).nextBytes(large);
        Path file = Files.write(files.resolve("large"), large);
        store.put(FOLDER.child("large"), file);
        store.put(FOLDER.child("empty"), file(""));

        Path copy = files.resolve("copy");
        store.download(FOLDER.child("large"), copy);

        assertThat(Arrays.equals(Files.readAllBytes(copy), large)).isTrue();
        assertThat(store.read(FOLDER.child("empty"))).isEmpty();
    }

    @Test
    void namesMayHoldAnyCharacter() throws IOException {
        for (String name : List.of("日本語", "with space", "per%20cent", "a#b?c", "quote'\"", "ｶﾅ🥛")) {
            store.put(FOLDER.child(name), file(name));

            assertThat(store.read(FOLDER.child(name)))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(name);
        }
        assertThat(store.list(FOLDER)).hasSize(6);
    }

    private Path file(String content) throws IOException {
        return Files.writeString(Files.createTempFile(files, "content", ""), content);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** How many succeed; the others must be refused because the name is taken. */
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
