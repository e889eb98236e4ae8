package io.modelbatch;

import io.modelbatch.store.google.StorageServer;
import io.modelbatch.warehouse.google.BigQueryServer.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;

/**
 * With BigQuery, Cloud Storage, and the job repository in PostgreSQL. In three of four runs a partition is read in many sessions, as if
 * its rows took days; some of them expire when they are read, and some before their first bucket is done.
 */
class CrashOnGoogleIT extends CrashContract {
    /** Half an hour is a second: some hundred rows of the small model. */
    private static final String HURRY = "2000";

    private static final long SHORTER_THAN_A_BLOCK = 20;

    /** Sessions that expire come first, then short ones, so that few runs have both. */
    private static final List<Integer> ORDER = List.of(2, 3, 1, 0);

    private StorageServer storage;
    private GoogleShop google;
    private final Map<String, String> environment = new HashMap<>();
    private int runs;
    private int disturbed;

    @AfterEach
    void close() throws IOException, SQLException {
        System.out.printf(
                "%d disturbed runs, %d read sessions, %s%n",
                disturbed, google.bigQuery().sessions(), google.bigQuery().injected());
        google.close();
        storage.close();
    }

    @Override
    Shop shop(Path folder) throws IOException, SQLException {
        storage = StorageServer.start(folder.resolve("storage"));
        GoogleShop.BUCKETS.forEach(storage::bucket);
        environment.putAll(PostgresServer.environment(PostgresServer.sharedDatabase()));
        google = GoogleShop.open(folder, storage.address(), environment);
        return google;
    }

    @Override
    boolean disturb(Random choices) {
        int disturbance = ORDER.get(runs++ % ORDER.size());
        environment.remove(CrashingBatch.HURRY);
        if (disturbance > 0) {
            environment.put(CrashingBatch.HURRY, HURRY);
        }
        google.bigQuery().faults(disturbance == 2 ? 0.2 : 0, choices.nextLong(), Fault.SESSION_EXPIRED);
        google.bigQuery().sessionsBring(disturbance == 3 ? SHORTER_THAN_A_BLOCK : Long.MAX_VALUE);
        disturbed += Math.min(disturbance, 1);
        return disturbance > 0;
    }
}
