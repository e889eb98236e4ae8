package io.modelbatch;

import io.modelbatch.base.SettingsException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The settings of the live test kit, as {@code -Dname=value}.
 *
 * @param project the project that pays
 * @param bucket a bucket there, in or near the location
 * @param location of the dataset that is made
 * @param endpoints addresses of other servers than Google's, by the names of the properties {@code modelbatch.gcp.…}
 * @param parts what is tested
 */
record LiveSettings(
        String project, String bucket, String location, Map<String, String> endpoints, List<LivePart> parts) {
    private static final List<String> ENDPOINTS =
            List.of("bigquery-endpoint", "bigquery-storage-endpoint", "storage-endpoint");
    private static final String USAGE = "Type: ./mvnw -Pgcp-live verify -Dproject=my-project -Dbucket=my-bucket"
            + " -Dlocation=EU. docs/development.md says what it does and costs.";

    private record Required(String name, String meaning, Pattern form) {
        Stream<String> problem(@Nullable String value) {
            if (value == null || value.isBlank()) {
                return Stream.of("-D" + name + "=… is missing: " + meaning + ".");
            }
            return form.matcher(value).matches()
                    ? Stream.empty()
                    : Stream.of("-D" + name + "=" + value + " cannot be right: " + meaning + ".");
        }
    }

    private static final List<Required> REQUIRED = List.of(
            new Required(
                    "project",
                    "the id of the Google Cloud project that pays, as receipts-prod; not its name or number",
                    Pattern.compile("([a-z][a-z0-9.-]*:)?[a-z][a-z0-9-]{4,28}[a-z0-9]")),
            new Required(
                    "bucket",
                    "the name of a bucket in that location, as receipts-ml; without gs://",
                    Pattern.compile("[a-z0-9][a-z0-9._-]{1,220}[a-z0-9]")),
            new Required(
                    "location",
                    "where a dataset is made and queries run, as EU, US or asia-northeast1",
                    Pattern.compile("(?i:us|eu)|[a-z]+-[a-z]+\\d+")));

    /**
     * Reads them.
     *
     * @throws SettingsException names all that are missing or malformed, and what to type
     */
    static LiveSettings of(UnaryOperator<@Nullable String> property) {
        List<String> problems = new ArrayList<>();
        REQUIRED.forEach(
                required -> required.problem(property.apply(required.name())).forEach(problems::add));
        List<LivePart> parts = LivePart.named(property.apply("only"), problems);
        if (!problems.isEmpty()) {
            problems.add(USAGE);
            throw new SettingsException(String.join(System.lineSeparator(), problems));
        }
        Map<String, String> endpoints = new TreeMap<>();
        for (String name : ENDPOINTS) {
            String address = property.apply(name);
            if (address != null) {
                endpoints.put(name, address);
            }
        }
        return new LiveSettings(
                String.valueOf(property.apply("project")),
                String.valueOf(property.apply("bucket")),
                location(String.valueOf(property.apply("location"))),
                endpoints,
                parts);
    }

    /** As BigQuery writes it. */
    private static String location(String given) {
        return given.contains("-") ? given : given.toUpperCase(Locale.ROOT);
    }

    /** The settings of the product. */
    GoogleSettings google(String dataset, long maxBytes) {
        return new GoogleSettings(
                project,
                location,
                dataset,
                bucket,
                maxBytes,
                Map.of(),
                null,
                null,
                null,
                GoogleSettings.CredentialKind.APPLICATION_DEFAULT,
                endpoint("bigquery-endpoint"),
                endpoints.get("bigquery-storage-endpoint"),
                endpoint("storage-endpoint"));
    }

    private @Nullable URI endpoint(String name) {
        String address = endpoints.get(name);
        return address == null ? null : URI.create(address);
    }

    /** The servers that the clients call, as addresses that any HTTP client can ask. */
    List<URI> servers() {
        return List.of(
                URI.create(endpoints.getOrDefault("bigquery-endpoint", "https://bigquery.googleapis.com")),
                URI.create("https://"
                        + endpoints.getOrDefault("bigquery-storage-endpoint", "bigquerystorage.googleapis.com")),
                URI.create(endpoints.getOrDefault("storage-endpoint", "https://storage.googleapis.com")));
    }
}
