package io.modelbatch.run.claim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.run.claim.ResultMarkers.Content;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class ResultMarkersTest {
    private static final ObjectUri FOLDER = ObjectUri.parse("gs://results/night");
    private static final ObjectUri MARKER = FOLDER.child("modelbatch.lock");
    private static final Instant NOW = Instant.parse("2026-03-31T03:00:00Z");
    private static final RunOwner ELSEWHERE = new RunOwner("1", "elsewhere boot pid:[1]", 7, 1);

    @TempDir
    private Path folder;

    private ObjectStore store;
    private ResultMarkers markers;

    @BeforeEach
    void open() {
        store = ObjectStores.folder(folder);
        markers = markers(Duration.ofHours(1));
    }

    @Test
    void aFolderIsMarkedWhileItIsWrittenAndNotAfterwards() throws IOException {
        acquire(markers);
        assertThat(new String(store.read(MARKER), StandardCharsets.UTF_8)).contains("job=mine", "ours");
        markers.verify(FOLDER);

        markers.release();

        assertThat(store.list(FOLDER)).isEmpty();
    }

    @Test
    void aRunOfAnotherJobRepositoryIsRefused() throws IOException {
        acquire(markers);

        assertThatThrownBy(() -> markers(Duration.ofHours(1))
                        .acquire("job=theirs", "theirs", List.of(FOLDER), new WaitTimeout(Duration.ZERO, reason -> {})))
                .isInstanceOf(RunHeldException.class)
                .hasMessageContainingAll(
                        FOLDER.toString(),
                        "job=mine",
                        "process " + ProcessHandle.current().pid(),
                        "wait=1h",
                        MARKER.toString(),
                        "5 minutes");
    }

    @Test
    void aRunOfTheSameJobRepositoryTakesAMarkerOver() throws IOException {
        plant(new Content("job=mine", "ours", ELSEWHERE, NOW, NOW));

        acquire(markers);

        markers.verify(FOLDER);
    }

    @Test
    void whatADeadProcessOfThisMachineLeftIsTakenOver() throws Exception {
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        RunOwner self = RunOwner.thisProcess();
        plant(new Content("job=theirs", "theirs", new RunOwner("1", self.machine(), gone.pid(), 1), NOW, NOW));

        acquire(markers);

        markers.verify(FOLDER);
    }

    @ParameterizedTest
    @ValueSource(longs = {-6, 6})
    void anOldMarkerThatNobodyRenewsIsTakenOver(long minutes) throws IOException {
        Instant renewed = NOW.plus(Duration.ofMinutes(minutes));
        plant(new Content("job=theirs", "theirs", ELSEWHERE, renewed, renewed));

        acquire(markers(Duration.ZERO));

        assertThat(new String(store.read(MARKER), StandardCharsets.UTF_8)).contains("job=mine");
    }

    @Test
    void anOldMarkerThatIsRenewedMeanwhileIsNotTakenOver() throws Exception {
        Instant anHourAgo = NOW.minus(Duration.ofHours(1)); // by the clock of the other machine
        plant(new Content("job=theirs", "theirs", ELSEWHERE, anHourAgo, anHourAgo));
        WaitTimeout renewing = new WaitTimeout(Duration.ZERO, reason -> {
            try {
                plant(new Content("job=theirs", "theirs", ELSEWHERE, anHourAgo, anHourAgo.plusSeconds(60)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });

        assertThatThrownBy(() -> markers.acquire("job=mine", "ours", List.of(FOLDER), renewing))
                .isInstanceOf(RunHeldException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"{", "null"})
    void aMarkerThatCannotBeReadIsTakenOverWhenItDoesNotChange(String content) throws IOException {
        store.replace(MARKER, content.getBytes(StandardCharsets.UTF_8), store.find(MARKER));

        acquire(markers);

        markers.release();
        assertThat(store.list(FOLDER)).isEmpty();
    }

    @Test
    void aYoungMarkerOfAnotherMachineIsNotTakenOver() throws IOException {
        Instant renewed = NOW.minus(Duration.ofMinutes(4));
        plant(new Content("job=theirs", "theirs", ELSEWHERE, renewed, renewed));

        assertThatThrownBy(() -> acquire(markers)).isInstanceOf(RunHeldException.class);
    }

    @Test
    void nothingIsPublishedIntoAFolderThatAnotherTook() throws IOException {
        acquire(markers);
        plant(new Content("job=theirs", "theirs", ELSEWHERE, NOW, NOW));

        assertThatThrownBy(() -> markers.verify(FOLDER))
                .isInstanceOf(ResultTakenException.class)
                .hasMessageContainingAll(FOLDER.toString(), "job=theirs");
        markers.release();
        assertThat(store.find(MARKER)).as("the marker of the other run").isPresent();
    }

    @Test
    void aMarkerThatAPersonRemovedIsMadeAgain() throws IOException {
        acquire(markers);
        store.delete(MARKER);

        assertThatCode(() -> markers.verify(FOLDER)).doesNotThrowAnyException();
        assertThat(store.find(MARKER)).isPresent();
    }

    private ResultMarkers markers(Duration watched) {
        return new ResultMarkers(store, Clock.fixed(NOW, ZoneOffset.UTC), watched);
    }

    private static void acquire(ResultMarkers markers) throws IOException {
        markers.acquire("job=mine", "ours", List.of(FOLDER), new WaitTimeout(Duration.ZERO, reason -> {}));
    }

    private void plant(Content content) throws IOException {
        store.replace(MARKER, JsonMapper.builder().build().writeValueAsBytes(content), store.find(MARKER));
    }
}
