package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.google.ServedJob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGTERM in the environment {@code gcp}: what runs elsewhere is cancelled. The live test kit runs the shipped jobs there. */
class GoogleIT {
    private static final Duration AT_MOST = Duration.ofSeconds(10);
    private static final int STOPPED = 4;
    private static final String ROWS = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
            """;

    @TempDir
    private Path folder;

    private StorageServer storage;
    private GoogleShop google;

    @BeforeEach
    void open() throws Exception {
        storage = StorageServer.start(folder.resolve("storage"));
        GoogleShop.BUCKETS.forEach(storage::bucket);
        google = GoogleShop.open(folder, storage.address(), Map.of());
        google.table("shop.lines", "id,text\n1,milk\n2,bread\n");
    }

    @AfterEach
    void close() throws Exception {
        google.close();
        storage.close();
    }

    @Test
    void aSlowQueryIsCancelledByAStop() throws Exception {
        new CommandLine(folder).job("rows", ROWS);
        google.bigQuery().jobsTake(Duration.ofMinutes(5));
        BatchProcess slow = BatchProcess.start(folder, google.environment(), "job=rows");
        while (google.bigQuery().count(ServedJob.Kind.QUERY) == 0) {
            assertThat(slow.isAlive()).isTrue();
            Thread.sleep(50);
        }

        Instant asked = Instant.now();
        slow.terminate();
        BatchProcess.Ended stopped = slow.await();

        assertThat(Duration.between(asked, Instant.now())).isLessThan(AT_MOST);
        assertThat(stopped.exit()).as(stopped.output()).isEqualTo(STOPPED);
        assertThat(google.bigQuery().jobs()).allMatch(job -> job.failure().isPresent());

        google.bigQuery().jobsTake(Duration.ZERO);
        BatchProcess.Ended resumed =
                BatchProcess.start(folder, google.environment(), "job=rows").await();
        assertThat(resumed.exit()).as(resumed.output()).isZero();
        assertThat(resumed.output()).contains("run-resumed");
    }
}
