package io.modelbatch.warehouse.google;

import com.google.api.gax.core.FixedCredentialsProvider;
import com.google.api.gax.core.NoCredentialsProvider;
import com.google.api.gax.grpc.InstantiatingGrpcChannelProvider;
import com.google.api.gax.retrying.RetrySettings;
import com.google.api.gax.rpc.StatusCode.Code;
import com.google.auth.Credentials;
import com.google.cloud.NoCredentials;
import com.google.cloud.bigquery.BigQuery;
import com.google.cloud.bigquery.BigQueryOptions;
import com.google.cloud.bigquery.storage.v1.BigQueryReadClient;
import com.google.cloud.bigquery.storage.v1.BigQueryReadSettings;
import com.google.cloud.http.HttpTransportOptions;
import io.grpc.ManagedChannelBuilder;
import io.modelbatch.google.GoogleProject;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * Google's two clients for BigQuery. They ask again by themselves: each request for up to three minutes, with growing and random
 * pauses.
 */
final class BigQueryClients {
    /** Of each request with its repetitions. */
    private static final Duration DEADLINE = Duration.ofMinutes(3);
    /** Of one page of rows, or of one answer. */
    private static final Duration ANSWER = Duration.ofMinutes(1);

    private static final RetrySettings RETRIES = RetrySettings.newBuilder()
            .setInitialRetryDelayDuration(Duration.ofMillis(250))
            .setRetryDelayMultiplier(2)
            .setMaxRetryDelayDuration(Duration.ofSeconds(30))
            .setTotalTimeoutDuration(DEADLINE)
            .setJittered(true)
            .build();

    private BigQueryClients() {}

    static BigQuery bigQuery(GoogleProject project, BigQuerySettings settings) {
        BigQueryOptions.Builder options = BigQueryOptions.newBuilder();
        options.setProjectId(project.id())
                .setCredentials(project.requestCredentials())
                .setRetrySettings(RETRIES);
        options.setLocation(settings.location())
                .setUseInt64Timestamps(true)
                .setResultRetryAlgorithm(new RetryWhatMayPass())
                .setTransportOptions(HttpTransportOptions.newBuilder()
                        .setConnectTimeout((int) ANSWER.toMillis())
                        .setReadTimeout((int) ANSWER.toMillis())
                        .build());
        if (settings.endpoint() != null) {
            options.setHost(settings.endpoint().toString());
        }
        return options.build().getService();
    }

    static BigQueryReadClient storageRead(GoogleProject project, BigQuerySettings settings) throws IOException {
        boolean anonymous = project.credentials() instanceof NoCredentials;
        Credentials credentials = project.requestCredentials();
        InstantiatingGrpcChannelProvider.Builder channel = BigQueryReadSettings.defaultGrpcTransportProviderBuilder();
        if (settings.storageEndpoint() != null) {
            channel.setEndpoint(settings.storageEndpoint());
        }
        if (!anonymous) {
            channel.setInterceptorProvider(() -> List.of(new RefreshToken(credentials)));
        } else if (settings.storageEndpoint() != null) { // no credentials ever travel in plain text
            channel.setChannelConfigurator(ManagedChannelBuilder::usePlaintext);
        }
        BigQueryReadSettings.Builder options = BigQueryReadSettings.newBuilder()
                .setTransportChannelProvider(channel.build())
                .setCredentialsProvider(
                        anonymous ? NoCredentialsProvider.create() : FixedCredentialsProvider.create(credentials));
        options.createReadSessionSettings()
                .setRetryableCodes(Set.of(
                        Code.UNAVAILABLE, Code.DEADLINE_EXCEEDED, Code.RESOURCE_EXHAUSTED, Code.INTERNAL, Code.ABORTED))
                .setRetrySettings(RETRIES.toBuilder()
                        .setInitialRpcTimeoutDuration(ANSWER)
                        .setMaxRpcTimeoutDuration(ANSWER)
                        .build());
        options.readRowsSettings().setWaitTimeoutDuration(ANSWER);
        return BigQueryReadClient.create(options.build());
    }
}
