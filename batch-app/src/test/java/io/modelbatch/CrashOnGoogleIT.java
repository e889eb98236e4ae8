package io.modelbatch;

import io.modelbatch.artifact.google.StorageServer;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** With BigQuery, Cloud Storage, and the job repository in PostgreSQL. */
class CrashOnGoogleIT extends CrashContract {
    private static PostgresServer repository;

    private StorageServer storage;
    private GoogleShop google;

    @BeforeAll
    static void start(@TempDir Path data) {
        repository = PostgresServer.start(data);
    }

    @AfterAll
    static void stop() throws IOException {
        repository.close();
    }

    @AfterEach
    void close() throws IOException, SQLException {
        google.close();
        storage.close();
    }

    @Override
    Shop shop(Path folder) throws IOException, SQLException {
        storage = StorageServer.start(folder.resolve("storage"));
        GoogleShop.BUCKETS.forEach(storage::bucket);
        google = GoogleShop.open(folder, storage.address(), repository.environment());
        return google;
    }
}
