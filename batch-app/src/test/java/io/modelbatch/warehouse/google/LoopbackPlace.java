package io.modelbatch.warehouse.google;

import com.google.api.gax.core.NoCredentialsProvider;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.TableId;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.BigQueryReadSettings;
import io.grpc.ManagedChannelBuilder;
import io.modelbatch.warehouse.google.BigQueryServer.Permission;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A contract server of its own, with Google's own clients and objects in memory. */
final class LoopbackPlace implements BigQueryPlace, AutoCloseable {
    private final Map<String, byte[]> objects = new ConcurrentHashMap<>();
    private final BigQueryServer server;
    private final BigQuery bigQuery;
    private final BigQueryReadClient reads;

    private LoopbackPlace(Path folder) throws IOException, SQLException {
        this.server = BigQueryServer.start(folder, 0, this::object)
                .dataset("shop", "EU")
                .dataset("far", "asia-northeast1");
        server.deny(Permission.READ_TABLES, "hidden");
        this.bigQuery = BigQueryOptions.newBuilder()
                .setHost(server.restAddress().toString())
                .setProjectId(project())
                .setCredentials(NoCredentials.getInstance())
                .build()
                .getService();
        this.reads = BigQueryReadClient.create(BigQueryReadSettings.newBuilder()
                .setCredentialsProvider(NoCredentialsProvider.create())
                .setTransportChannelProvider(BigQueryReadSettings.defaultGrpcTransportProviderBuilder()
                        .setEndpoint(server.storageAddress())
                        .setChannelConfigurator(ManagedChannelBuilder::usePlaintext)
                        .build())
                .build());
    }

    /** Starts one that keeps its rows in a folder. */
    static LoopbackPlace start(Path folder) throws IOException, SQLException {
        return new LoopbackPlace(folder);
    }

    private byte[] object(URI uri) throws FileNotFoundException {
        byte[] bytes = objects.get(uri.toString());
        if (bytes == null) {
            throw new FileNotFoundException(uri.toString());
        }
        return bytes;
    }

    BigQueryServer server() {
        return server;
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
        return "p";
    }

    @Override
    public String location() {
        return "EU";
    }

    @Override
    public String dataset() {
        return "shop";
    }

    @Override
    public String datasetElsewhere() {
        return "far";
    }

    @Override
    public TableId hidden() {
        return TableId.of(project(), "hidden", "lines");
    }

    @Override
    public String jobs() {
        return "";
    }

    @Override
    public String objects() {
        return "gs://b/";
    }

    @Override
    public void put(String name, byte[] bytes) {
        objects.put(objects() + name, bytes);
    }

    @Override
    public List<String> rowAccessPolicies(String table) {
        return server.rowAccessPolicies(dataset(), table);
    }

    @Override
    public void close() throws IOException, SQLException {
        reads.close();
        server.close();
    }
}
