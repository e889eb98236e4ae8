package io.modelbatch;

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.DatasetInfo;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.BigQueryReadSettings;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.google.CloudStorageStore;
import io.modelbatch.warehouse.google.BigQueryPlace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The service itself: two datasets and a folder of the bucket, made for one run of the live test kit. */
final class LivePlace implements BigQueryPlace, AutoCloseable {
    /** The most that one query may bill: five tables at their minimum, and one more. */
    static final long MOST_BYTES = 60L << 20;

    private static final Duration TABLES_LIVE = Duration.ofHours(6);
    private static final AtomicReference<LivePlace> IN_USE = new AtomicReference<>();

    private final LiveSettings settings;
    private final LiveName name;
    private final GoogleSettings google;
    private final GoogleProject project;
    private final BigQuery bigQuery;
    private final BigQueryReadClient reads;
    private final ObjectStore store;

    private LivePlace(LiveSettings settings, LiveName name, GoogleProject project) throws IOException {
        this.settings = settings;
        this.name = name;
        this.project = project;
        this.google = settings.google(name.dataset(), MOST_BYTES);
        BigQueryOptions.Builder options =
                BigQueryOptions.newBuilder().setProjectId(settings.project()).setCredentials(project.credentials());
        Optional.ofNullable(google.bigqueryEndpoint()).map(URI::toString).ifPresent(options::setHost);
        this.bigQuery = options.build().getService();
        BigQueryReadSettings.Builder reading = BigQueryReadSettings.newBuilder()
                .setCredentialsProvider(FixedCredentialsProvider.create(project.credentials()));
        Optional.ofNullable(google.bigqueryStorageEndpoint()).ifPresent(reading::setEndpoint);
        this.reads = BigQueryReadClient.create(reading.build());
        this.store = CloudStorageStore.open(project, Optional.ofNullable(google.storageEndpoint()));
    }

    /** Opens the clients; makes nothing. */
    static LivePlace open(LiveSettings settings, LiveName name, GoogleProject project) throws IOException {
        LivePlace place = new LivePlace(settings, name, project);
        IN_USE.set(place);
        return place;
    }

    /** The one of this process, for the tests that the kit runs. */
    static LivePlace inUse() {
        return Objects.requireNonNull(
                IN_USE.get(), "Only the live test kit runs these tests: ./mvnw -Pgcp-live verify");
    }

    /** Makes the datasets. The folder of a bucket needs no making. */
    void make() {
        make(name.dataset(), settings.location());
        make(datasetElsewhere(), settings.location().equals("asia-northeast1") ? "europe-west3" : "asia-northeast1");
    }

    private void make(String dataset, String location) {
        bigQuery.create(DatasetInfo.newBuilder(dataset)
                .setLocation(location)
                .setDefaultTableLifetime(TABLES_LIVE.toMillis())
                .setLabels(Map.of("modelbatch", "live-test-kit"))
                .setDescription("Of Modelbatch's live test kit; may be removed a day after it was made")
                .build());
    }

    LiveName name() {
        return name;
    }

    LiveSettings settings() {
        return settings;
    }

    GoogleSettings google() {
        return google;
    }

    GoogleProject googleProject() {
        return project;
    }

    ObjectStore store() {
        return store;
    }

    /** The folder of its objects. */
    ObjectUri folder() {
        return ObjectUri.parse("gs://" + settings.bucket() + "/" + name.folder());
    }

    @Override
    public BigQuery bigQuery() {
        return bigQuery;
    }

    @Override
    public BigQueryReadClient reads() {
        return reads;
    }

    @Override
    public String project() {
        return settings.project();
    }

    @Override
    public String location() {
        return settings.location();
    }

    @Override
    public String dataset() {
        return name.dataset();
    }

    @Override
    public String datasetElsewhere() {
        return name.dataset() + "_far";
    }

    /** Nobody has this dataset, and its project tells nobody. */
    @Override
    public TableId hidden() {
        return TableId.of("bigquery-public-data", "modelbatch_hidden", "lines");
    }

    @Override
    public String jobs() {
        return name.dataset() + "-";
    }

    @Override
    public String objects() {
        return folder() + "/";
    }

    @Override
    public void put(String object, byte[] bytes) throws IOException {
        ObjectUri uri = folder().child(object);
        store.replace(uri, bytes, store.find(uri));
    }

    /** The same with a file. */
    StoredObject put(String object, Path file) throws IOException {
        ObjectUri uri = folder().child(object);
        return store.replace(uri, file, store.find(uri));
    }

    /** Puts all files of a folder. */
    void putAll(String below, Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                put(below + "/" + directory.relativize(file), file);
            }
        }
    }

    /** Google's client has no call for it. */
    @Override
    public List<String> rowAccessPolicies(String table) {
        URI policies = settings.servers()
                .get(0)
                .resolve("/bigquery/v2/projects/" + project() + "/datasets/" + dataset() + "/tables/" + table
                        + "/rowAccessPolicies");
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(policies);
            project.credentials()
                    .getRequestMetadata(policies)
                    .forEach((header, values) -> values.forEach(value -> request.header(header, value)));
            var answer = HttpClient.newHttpClient().send(request.build(), BodyHandlers.ofByteArray());
            JsonNode told = JsonMapper.shared().readTree(answer.body());
            if (answer.statusCode() != HttpURLConnection.HTTP_OK) {
                throw new IOException("Row access policies cannot be listed: " + told);
            }
            return told.path("rowAccessPolicies")
                    .valueStream()
                    .map(each -> each.path("rowAccessPolicyReference")
                            .path("policyId")
                            .asString())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        reads.close();
    }
}
