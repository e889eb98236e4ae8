package io.modelbatch;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.google.CloudStorageStore;
import io.modelbatch.warehouse.google.BigQueryServer;
import io.modelbatch.warehouse.google.CloudStorageObjects;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The environment {@code gcp}: our server of BigQuery, and any server of Cloud Storage, on loopback. */
final class GoogleShop implements CrashContract.Shop, AutoCloseable {
    static final String PROJECT = "project";
    static final String LOCATION = "EU";
    static final List<String> BUCKETS = List.of("models", "results", "runs");

    private final Path folder;
    private final BigQueryServer bigQuery;
    private final URI storage;
    private final Map<String, String> repository;

    private GoogleShop(Path folder, BigQueryServer bigQuery, URI storage, Map<String, String> repository) {
        this.folder = folder;
        this.bigQuery = bigQuery;
        this.storage = storage;
        this.repository = repository;
    }

    /**
     * Starts the server of BigQuery.
     *
     * @param storage a server of Cloud Storage that has the {@link #BUCKETS}
     * @param repository the environment variables of the job repository; none for H2
     */
    static GoogleShop open(Path folder, URI storage, Map<String, String> repository) throws IOException, SQLException {
        BigQueryServer bigQuery = BigQueryServer.start(folder.resolve("bigquery"), 0, new CloudStorageObjects(storage));
        bigQuery.dataset("shop", LOCATION).dataset("pinned", LOCATION);
        return new GoogleShop(folder, bigQuery, storage, repository);
    }

    BigQueryServer bigQuery() {
        return bigQuery;
    }

    @Override
    public Map<String, String> environment() {
        Map<String, String> environment = new HashMap<>(repository);
        environment.put("SPRING_PROFILES_ACTIVE", "gcp");
        properties()
                .forEach((name, value) -> environment.put(
                        "MODELBATCH_GCP_" + name.replace("-", "").toUpperCase(java.util.Locale.ROOT), value));
        return environment;
    }

    /** The environment of a process that brings credentials to servers over TLS. */
    Map<String, String> environment(BigQueryServer.Entrance guarded, URI guardedStorage) {
        Map<String, String> environment = environment();
        environment.put("MODELBATCH_GCP_CREDENTIALS", "application-default");
        environment.put("MODELBATCH_GCP_BIGQUERYENDPOINT", guarded.rest().toString());
        environment.put("MODELBATCH_GCP_BIGQUERYSTORAGEENDPOINT", guarded.storage());
        environment.put("MODELBATCH_GCP_STORAGEENDPOINT", guardedStorage.toString());
        return environment;
    }

    /** The same for a command line. */
    Stream<String> arguments() {
        return Stream.concat(
                Stream.of("--spring.profiles.active=gcp"),
                properties().entrySet().stream()
                        .map(property -> "--modelbatch.gcp." + property.getKey() + "=" + property.getValue()));
    }

    private Map<String, String> properties() {
        return Map.of(
                "project",
                PROJECT,
                "location",
                LOCATION,
                "dataset",
                "pinned",
                "bucket",
                "runs",
                "credentials",
                "none",
                "bigquery-endpoint",
                bigQuery.restAddress().toString(),
                "bigquery-storage-endpoint",
                bigQuery.storageAddress(),
                "storage-endpoint",
                storage.toString());
    }

    @Override
    public void table(String name, String csv) throws IOException, SQLException {
        Path file = Files.writeString(Files.createTempFile(folder, "table-", ".csv"), csv);
        bigQuery.table(name.substring(0, name.indexOf('.')), name.substring(name.indexOf('.') + 1), file);
    }

    @Override
    public void model(String path, Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(file).toString();
                store().put(ObjectUri.parse("gs://" + path + "/" + name), file);
            }
        }
    }

    @Override
    public ObjectStore store() {
        return CloudStorageStore.open(new GoogleProject(PROJECT, NoCredentials.getInstance()), Optional.of(storage));
    }

    @Override
    public ObjectUri runs() {
        return ObjectUri.parse("gs://runs/runs");
    }

    @Override
    public List<List<@Nullable Object>> rows(String table) throws SQLException {
        return bigQuery.rows("select id, label, score from " + table);
    }

    @Override
    public void close() throws IOException, SQLException {
        bigQuery.close();
    }
}
