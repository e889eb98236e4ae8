package io.modelbatch;

import com.google.auth.Credentials;
import com.google.auth.oauth2.GoogleCredentials;
import com.google.cloud.NoCredentials;
import io.modelbatch.base.SettingsException;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.warehouse.google.BigQuerySettings;
import io.modelbatch.worker.WorkerSource;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.core.env.Environment;

/**
 * The properties {@code modelbatch.gcp.…}.
 *
 * @param project the project that every job and request is made in; never guessed
 * @param location where queries run and pinned results are kept, as {@code EU} or {@code asia-northeast1}
 * @param dataset the dataset of pinned results
 * @param bucket the bucket of runs: their reports, checkpoints and files
 * @param maxBytes a query that would bill more bytes is refused; null for no limit
 * @param mounts buckets that are mounted, each with its folder
 * @param passwordSecret the secret of Secret Manager that has the password of the job repository; null where a property has it
 * @param startWorkers the address of a method that starts workers; null where something else does
 * @param startOnDemandWorkers the same for workers whose machine stays; null where the first one starts all
 * @param credentials the credentials of all requests
 * @param bigqueryEndpoint BigQuery's address; null for Google's
 * @param bigqueryStorageEndpoint {@code host:port} of BigQuery's Storage Read API; null for Google's
 * @param storageEndpoint Cloud Storage's address; null for Google's
 */
@ConfigurationProperties("modelbatch.gcp")
record GoogleSettings(
        String project,
        String location,
        String dataset,
        String bucket,
        @Nullable Long maxBytes,
        @DefaultValue Map<String, Path> mounts,
        @Nullable String passwordSecret,
        @Nullable URI startWorkers,
        @Nullable URI startOnDemandWorkers,
        @DefaultValue("application-default") CredentialKind credentials,
        @Nullable URI bigqueryEndpoint,
        @Nullable String bigqueryStorageEndpoint,
        @Nullable URI storageEndpoint) {
    private static final String PREFIX = "modelbatch.gcp";
    /** The one scope that all of its services accept; what a caller may do is up to its roles. */
    private static final String CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform";

    /** The credentials. */
    enum CredentialKind {
        /** Google's application default credentials: a service account, or a person who logged in. */
        APPLICATION_DEFAULT,
        /** Nobody: for servers that ask for none. */
        NONE
    }

    /**
     * Reads them.
     *
     * @param typed names of properties on the command line, where misspelled ones are noticed
     * @throws SettingsException names all that are missing or unknown, or one that has a wrong value
     */
    static GoogleSettings of(Environment environment, Set<String> typed) {
        try {
            GoogleSettings settings = Binder.get(environment).bindOrCreate(PREFIX, GoogleSettings.class);
            List<String> problems = Stream.of(
                            settings.missing(), settings.plainText(), settings.foreign(), unknown(typed))
                    .flatMap(problem -> problem)
                    .toList();
            if (!problems.isEmpty()) {
                throw new SettingsException(String.join(System.lineSeparator(), problems));
            }
            return settings;
        } catch (BindException e) {
            Throwable cause = Objects.requireNonNullElse(e.getCause(), e);
            throw new SettingsException(e.getName() + ": " + cause.getMessage());
        }
    }

    private static Stream<String> unknown(Set<String> typed) {
        List<String> known = Stream.of(GoogleSettings.class.getRecordComponents())
                .map(component -> PREFIX + "." + DataObjectPropertyName.toDashedForm(component.getName()))
                .toList();
        return typed.stream()
                .filter(name -> name.startsWith(PREFIX + ".") && !name.startsWith(PREFIX + ".mounts["))
                .filter(name -> !known.contains(name))
                .map(name -> "--" + name + " is not a property; allowed are " + String.join(", ", known));
    }

    private Stream<String> missing() {
        return Stream.of(
                        new Required("project", project, "the Google Cloud project in which jobs run and are billed"),
                        new Required(
                                "location",
                                location,
                                "the location of the data, where queries run: EU, asia-northeast1, …"),
                        new Required("dataset", dataset, "the dataset for pinned query results"),
                        new Required("bucket", bucket, "the bucket for reports, checkpoints and logs of runs"))
                .filter(required -> required.value == null || required.value.isBlank())
                .map(Required::problem);
    }

    /** Credentials never travel in plain text. */
    private Stream<String> plainText() {
        return Stream.of(
                        new Endpoint("bigquery-endpoint", bigqueryEndpoint),
                        new Endpoint("storage-endpoint", storageEndpoint))
                .filter(endpoint -> credentials != CredentialKind.NONE && endpoint.isPlainText())
                .map(Endpoint::problem);
    }

    /** An access token goes to Google alone. */
    private Stream<String> foreign() {
        return Stream.of(
                        new Endpoint("start-workers", startWorkers),
                        new Endpoint("start-on-demand-workers", startOnDemandWorkers))
                .filter(endpoint -> credentials != CredentialKind.NONE && endpoint.isForeign())
                .map(endpoint -> "%s.%s must be an address of Google Cloud, https://….googleapis.com/…, not %s"
                        .formatted(PREFIX, endpoint.name, endpoint.address));
    }

    private record Endpoint(String name, @Nullable URI address) {
        boolean isPlainText() {
            return address != null && !"https".equals(address.getScheme());
        }

        boolean isForeign() {
            return address != null
                    && (isPlainText()
                            || address.getHost() == null
                            || !address.getHost().endsWith(".googleapis.com"));
        }

        String problem() {
            return "%s.%s: credentials are sent only by https. For a server without authentication: --%1$s.credentials=none"
                    .formatted(PREFIX, name);
        }
    }

    private record Required(String name, @Nullable String value, String meaning) {
        String problem() {
            return "%s.%s is missing, %s. Set --%1$s.%2$s=… or MODELBATCH_GCP_%s"
                    .formatted(PREFIX, name, meaning, name.toUpperCase(Locale.ROOT));
        }
    }

    /** The method that starts workers on such machines. */
    URI startWorkers(WorkerSource.Machines machines) {
        return machines == WorkerSource.Machines.ON_DEMAND && startOnDemandWorkers != null
                ? startOnDemandWorkers
                : Objects.requireNonNull(startWorkers);
    }

    /** The settings of BigQuery. */
    BigQuerySettings bigQuery() {
        return new BigQuerySettings(
                location, dataset, BigQuerySettings.EXPIRATION, maxBytes, bigqueryEndpoint, bigqueryStorageEndpoint);
    }

    /** The property that names where a bucket is mounted. */
    static String mount(String bucket) {
        return PREFIX + ".mounts." + bucket;
    }

    /**
     * The project and who asks.
     *
     * @throws SettingsException when there are no credentials
     */
    GoogleProject googleProject() {
        return new GoogleProject(project, googleCredentials());
    }

    private Credentials googleCredentials() {
        if (credentials == CredentialKind.NONE) {
            return NoCredentials.getInstance();
        }
        try {
            // Not every client asks for a scope by itself (gRPC's does not), and keys get no token without one.
            return GoogleCredentials.getApplicationDefault().createScoped(CLOUD_PLATFORM);
        } catch (IOException e) {
            throw new SettingsException("No credentials for Google Cloud were found. On your own machine: gcloud auth"
                    + " application-default login; in Kubernetes: a service account with Workload Identity; elsewhere: the file of a"
                    + " service account's key in GOOGLE_APPLICATION_CREDENTIALS");
        }
    }
}
