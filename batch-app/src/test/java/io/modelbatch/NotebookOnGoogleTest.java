package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import io.modelbatch.model.Fixture;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.Peers.FakeGcsServer;
import io.modelbatch.store.google.Peers.Mount;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.util.FileSystemUtils;

/** The notebook of the sample in the environment {@code gcp}: it reads what {@code infer} answered, and its files are in the bucket. */
@Python.Needed
class NotebookOnGoogleTest {
    @TempDir
    private Path folder;

    private final List<AutoCloseable> open = new ArrayList<>();

    @BeforeEach
    void write() throws Exception {
        FileSystemUtils.copyRecursively(Path.of("../job-configs/notebook"), folder.resolve("job-configs/notebook"));
        new CommandLine(folder).job("notebook", """
                parameters:
                  date: { type: date }
                steps:
                  - extract: { query: "SELECT id, text FROM shop.lines WHERE day <= @date", key: id }
                  - infer:
                      model: gs://models/tiny
                      task: text-classification
                      text: text
                      to: gs://results/${date}/answers
                  - notebook:
                      notebook: notebook/receipts.ipynb
                      parameters: { date: "${date}" }
                      inputs: { answers: "gs://results/${date}/answers" }
                      outputs: gs://results/${date}
                """);
    }

    @Test
    void byTheApi() throws Exception {
        FakeGcsServer storage = storage();

        assertFilesArrive(shop(storage), List.of());
    }

    @Test
    void whereTheBucketIsMounted() throws Exception {
        FakeGcsServer storage = storage();
        Mount mounted = opened(Mount.gcsfuse(storage.address(), "results", folder.resolve("mount")));

        assertFilesArrive(shop(storage), List.of("--modelbatch.gcp.mounts.results=" + mounted.folder()));
    }

    private void assertFilesArrive(GoogleShop google, List<String> mounts) throws Exception {
        Ended ended = new CommandLine(folder)
                .run(Stream.of(Stream.of("job=notebook", "date=2026-03-31"), google.arguments(), mounts.stream())
                        .flatMap(words -> words)
                        .toArray(String[]::new));

        assertThat(ended.exit()).as(ended.words()).isZero();
        assertThat(ended.words()).contains("2 lines up to 2026-03-31");
        ObjectUri results = ObjectUri.parse("gs://results/2026-03-31");
        assertThat(google.store().list(results))
                .extracting(object -> object.uri().relativeTo(results))
                .filteredOn(name -> !name.startsWith("answers/"))
                .containsExactly("categories.csv", "categories.png", "receipts.html", "receipts.ipynb");
        Path table = folder.resolve("categories.csv");
        google.store().download(results.child("categories.csv"), table);
        assertThat(Files.readAllLines(table).get(0)).isEqualTo("\"category\",\"lines\",\"mean score\",\"unsure\"");
    }

    private GoogleShop shop(FakeGcsServer storage) throws Exception {
        GoogleShop google = opened(GoogleShop.open(folder, storage.address(), Map.of()));
        google.table("shop.lines", "id,day,text\n1,2026-01-01,milk\n2,2026-03-31,bread\n3,2026-04-01,tea\n");
        google.model("models/tiny", Fixture.named("bert-classification").model());
        return google;
    }

    private FakeGcsServer storage() throws Exception {
        FakeGcsServer storage = opened(FakeGcsServer.start());
        for (String bucket : GoogleShop.BUCKETS) {
            storage.bucket(bucket);
        }
        return storage;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }

    @AfterEach
    void close() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }
}
