package io.modelbatch.warehouse.google;

import com.google.api.client.googleapis.json.GoogleJsonError;
import com.google.api.client.googleapis.json.GoogleJsonResponseException;
import com.google.api.client.http.HttpResponseException;
import com.google.api.gax.rpc.ApiException;
import com.google.api.gax.rpc.PermissionDeniedException;
import com.google.auth.Retryable;
import com.google.cloud.bigquery.BigQueryError;
import com.google.cloud.bigquery.BigQueryException;
import io.modelbatch.google.GoogleRefusal;
import io.modelbatch.google.TokenException;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Explains refusals of BigQuery, and says whether another attempt may help. One that may pass becomes an {@link IOException}; one that a
 * person has to resolve becomes a {@link WarehouseException} without an IOException among its causes.
 */
final class BigQueryFailures {
    private static final int UNAUTHENTICATED = 401;
    private static final int ALREADY_EXISTS = 409;
    /** Reasons that pass within minutes, of requests and of jobs. */
    private static final Set<String> PASSING_SOON = Set.of(
            "backendError",
            "badGateway",
            "internalError",
            "jobBackendError",
            "jobInternalError",
            "jobRateLimitExceeded",
            "rateLimitExceeded",
            "tableUnavailable");
    /** A quota is one of minutes, which a job waits for, or one of a day: then another run of the same command helps. */
    private static final String QUOTA = "quotaExceeded";
    /** Limits of how much is asked for in how little time. */
    private static final Set<String> LIMITS = Set.of("jobRateLimitExceeded", "rateLimitExceeded", QUOTA);

    private static final String LESS_WORK =
            "Let it do less: select fewer rows and columns, leave out ORDER BY, or give 'extract' more partitions";
    /** As the services name them; a table has the form of one, but for its first word. */
    private static final Pattern PERMISSION =
            Pattern.compile("\\b(?:bigquery|storage|datacatalog|serviceusage|iam)\\.[a-zA-Z]+\\.[a-zA-Z]+");

    private BigQueryFailures() {}

    /** True if the same request may succeed within minutes. */
    static boolean passesSoon(Throwable failure) {
        if (failure instanceof BigQueryException refused) {
            BigQueryError error = refused.getError();
            return GoogleRefusal.mayPass(refused.getCode())
                    || (error != null && PASSING_SOON.contains(error.getReason()))
                    || (refused.getCode() == 0 && refused.getCause() instanceof IOException lost && passesSoon(lost));
        }
        if (failure instanceof HttpResponseException answered) {
            return GoogleRefusal.mayPass(answered.getStatusCode()) || PASSING_SOON.contains(reason(answered));
        }
        if (failure instanceof Retryable credentials) {
            return credentials.isRetryable();
        }
        return failure instanceof IOException;
    }

    /** True if the thing to create exists already. */
    static boolean isThereAlready(BigQueryException failure) {
        return failure.getCode() == ALREADY_EXISTS;
    }

    /** True if a job that failed with this error may succeed under another id. */
    static boolean passesSoon(BigQueryError error) {
        return PASSING_SOON.contains(error.getReason()) || isLimit(error);
    }

    /** True if a job failed because of too many requests in too little time. */
    static boolean isLimit(BigQueryError error) {
        return LIMITS.contains(error.getReason());
    }

    private static String reason(HttpResponseException answered) {
        GoogleJsonError details =
                answered instanceof GoogleJsonResponseException explained ? explained.getDetails() : null;
        return details == null
                        || details.getErrors() == null
                        || details.getErrors().isEmpty()
                ? ""
                : String.valueOf(details.getErrors().get(0).getReason());
    }

    /**
     * A request's failure.
     *
     * @param what the action, as the beginning of a sentence
     */
    static RuntimeException explain(String what, BigQueryException failure) {
        Optional<TokenException> noToken = TokenException.in(failure);
        if (noToken.isPresent()) {
            return withoutToken(what, noToken.get());
        }
        BigQueryError error = failure.getError();
        String reason = error == null ? "" : String.valueOf(error.getReason());
        String words = words(error == null ? failure.getMessage() : error.getMessage());
        if (passesSoon(failure) || reason.equals(QUOTA)) {
            return new UncheckedIOException(new IOException(what + ": " + words + quota(reason, words), failure));
        }
        if (failure.getCode() == UNAUTHENTICATED) {
            return unauthenticated(what, words);
        }
        return new WarehouseException(what + ": " + words + help(reason, words));
    }

    /** A job's failure. */
    static RuntimeException explain(String what, BigQueryError error, @Nullable List<BigQueryError> all) {
        String words = words(error.getMessage()) + details(error, all);
        if (passesSoon(error)) {
            return new UncheckedIOException(
                    new IOException(what + ": " + words + quota(String.valueOf(error.getReason()), words)));
        }
        return new WarehouseException(what + ": " + words + help(String.valueOf(error.getReason()), words));
    }

    /** A load says what is wrong with which file beside its first error. */
    private static String details(BigQueryError error, @Nullable List<BigQueryError> all) {
        return all == null
                ? ""
                : all.stream()
                        .map(BigQueryError::getMessage)
                        .filter(Objects::nonNull)
                        .filter(message -> !message.equals(error.getMessage()))
                        .findFirst()
                        .map(message -> " (" + words(message) + ")")
                        .orElse("");
    }

    private static RuntimeException withoutToken(String what, TokenException failure) {
        String words = what + ": " + failure.getMessage();
        return failure.isRetryable()
                ? new UncheckedIOException(new IOException(words, failure))
                : new WarehouseException(words);
    }

    /** True if the Storage Read API is refused for lack of its one permission. Rows can be read in another way then. */
    static boolean lacksSessions(PermissionDeniedException refusal) {
        return String.valueOf(refusal.getMessage()).contains("bigquery.readsessions.create");
    }

    /** A failure of the Storage Read API. */
    static RuntimeException explain(String what, ApiException failure) {
        Optional<TokenException> noToken = TokenException.in(failure);
        if (noToken.isPresent()) {
            return withoutToken(what, noToken.get());
        }
        String words = words(failure.getMessage());
        return switch (failure.getStatusCode().getCode()) {
            case INVALID_ARGUMENT, UNIMPLEMENTED, OUT_OF_RANGE -> new WarehouseException(what + ": " + words);
            case UNAUTHENTICATED -> unauthenticated(what, words);
            case PERMISSION_DENIED -> new WarehouseException(what + ": " + words + help("accessDenied", words));
            default -> new UncheckedIOException(new IOException(what + ": " + words, failure));
        };
    }

    private static RuntimeException unauthenticated(String what, String words) {
        return new WarehouseException(what + ": BigQuery does not accept the credentials (" + words
                + "); run 'check' to see how to fix them");
    }

    /** The advice for a quota that does not recover soon. */
    private static String quota(String reason, String words) {
        if (!reason.equals(QUOTA)) {
            return "";
        }
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("free query bytes")) {
            return ". A project without a billing account has no more this month: gcloud billing projects link PROJECT"
                    + " --billing-account=ACCOUNT";
        }
        return lower.contains("custom quota")
                ? ". It is a daily quota that an administrator set; it starts again at midnight Pacific Time"
                : "";
    }

    private static String help(String reason, String words) {
        return GoogleRefusal.advice(reason, words)
                .map(advice -> ". " + advice)
                .orElseGet(() -> helpHere(reason, words));
    }

    private static String helpHere(String reason, String words) {
        return switch (reason) {
            case "accessDenied" -> ". " + access(words);
            case "invalidQuery" ->
                words.contains("Unrecognized name") || words.contains("not found inside")
                        ? ". Correct 'query' of 'extract'. The columns of a table: bq show --schema DATASET.TABLE"
                        : "";
            case "notFound" ->
                ". Check the name, and that the data is in the location of the jobs (modelbatch.gcp.location)";
            case "invalid" ->
                words.contains("in different locations")
                        ? ". Write the result to a bucket in the location of the table; make one with: gcloud storage buckets create"
                                + " gs://NAME --location=LOCATION"
                        : "";
            case "stopped" ->
                ". A person or a rule of the project cancelled it, not this run. The same command runs it again";
            case "billingTierLimitExceeded" -> ". " + LESS_WORK;
            case "resourcesExceeded" -> ". It needs more memory than BigQuery gives. " + LESS_WORK;
            case "timeout" -> ". BigQuery ends a job after six hours. " + LESS_WORK;
            case "bytesBilledLimitExceeded" -> ". Select less, or raise max-bytes";
            case "responseTooLarge" -> ". Give 'extract' more partitions";
            default -> "";
        };
    }

    private static String access(String words) {
        if (words.contains("policy tag")) {
            return "Grant roles/datacatalog.categoryFineGrainedReader on the policy tag, or leave the column out";
        }
        if (words.contains("Drive credentials")) {
            return "A table over a file of Google Drive is not supported: copy its rows into a table of BigQuery";
        }
        // a dataset that is not there is refused like one that is hidden
        return words.contains("not exist") && !words.contains("bigquery.jobs.")
                ? "Check the name. If it is correct: " + role(words)
                : role(words);
    }

    /** The nearest role that grants what was missing. */
    private static String role(String words) {
        Matcher named = PERMISSION.matcher(words);
        String permission = named.find() ? named.group() : "";
        if (permission.equals("bigquery.jobs.create")) {
            return "Grant roles/bigquery.jobUser on the project";
        }
        if (permission.startsWith("bigquery.jobs.")) {
            return "The job belongs to another account. Resume with the account that started the run, or with"
                    + " roles/bigquery.admin on the project";
        }
        if (permission.startsWith("bigquery.readsessions.")) {
            return "Grant roles/bigquery.readSessionUser on the project";
        }
        if (permission.startsWith("storage.buckets.")) {
            return "Grant roles/storage.legacyBucketReader on the bucket";
        }
        if (permission.startsWith("storage.")) {
            return "Grant roles/storage.objectAdmin on the bucket";
        }
        if (permission.matches("bigquery\\.tables\\.(create|update|updateData|delete).*")
                || permission.startsWith("bigquery.datasets.")) {
            return "Grant roles/bigquery.dataEditor on the dataset";
        }
        return permission.isEmpty() || permission.matches("bigquery\\.(tables|models|routines)\\.(get|getData|list)")
                ? "Grant roles/bigquery.dataViewer on the dataset of the table"
                : "Grant a role with the permission " + permission;
    }

    private static String words(@Nullable String message) {
        return String.valueOf(message).strip().lines().findFirst().orElse("").replaceAll("[.\\s]+$", "");
    }
}
