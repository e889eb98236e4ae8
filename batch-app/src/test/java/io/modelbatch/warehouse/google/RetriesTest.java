package io.modelbatch.warehouse.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.warehouse.Extraction;
import io.modelbatch.warehouse.PinnedInput;
import io.modelbatch.warehouse.WarehouseException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jobs that fail, by the reasons of BigQuery's page "Error messages". No test waits: pauses are only recorded. */
@Execution(ExecutionMode.CONCURRENT)
class RetriesTest {
    @TempDir
    private Path home;

    private final List<Long> pauses = Collections.synchronizedList(new ArrayList<>());
    private final AtomicBoolean stopped = new AtomicBoolean();
    private boolean stopsInPause;
    private BigQueryServer server;
    private BigQueryWarehouse warehouse;

    @BeforeEach
    void open() throws Exception {
        server = BigQueryServer.start(home.resolve("server"))
                .dataset("shop", "EU")
                .dataset("pinned", "EU")
                .dataset("far", "US");
        Path lines = Files.writeString(home.resolve("lines.csv"), "id,text\na,milk\nb,bread\n");
        server.table("shop", "lines", lines);
        server.table("far", "lines", lines);
        warehouse = warehouse();
    }

    private BigQueryWarehouse warehouse() throws IOException {
        return BigQueryWarehouse.open(
                new GoogleProject("billing", NoCredentials.getInstance()),
                new BigQuerySettings(
                        "EU",
                        "pinned",
                        BigQuerySettings.EXPIRATION,
                        null,
                        server.restAddress(),
                        server.storageAddress()),
                stopped::get,
                this::pause);
    }

    private void pause(long millis) {
        pauses.add(millis);
        stopped.compareAndSet(false, stopsInPause);
    }

    @AfterEach
    void close() throws Exception {
        warehouse.close();
        server.close();
    }

    @ParameterizedTest
    @CsvSource({
        "backendError, 3000, 9000",
        "jobInternalError, 3000, 9000",
        "tableUnavailable, 3000, 9000",
        "rateLimitExceeded, 30000, 90000",
        "jobRateLimitExceeded, 30000, 90000",
        "quotaExceeded, 30000, 90000"
    })
    void anotherAttemptFollowsAPauseThatGrows(String reason, long least, long most) {
        server.failJobs("Exceeded rate limits: too many table update operations for this table.", reason, reason);

        assertThat(extract("shop").totalRows()).isEqualTo(2);

        assertThat(pauses.stream().mapToLong(Long::longValue).sum()).isBetween(least, most);
        assertThat(pauses).allMatch(pause -> pause <= 2_000, "a stop is seen after two seconds at the latest");
    }

    /** Runs that met a limit together would meet it again. */
    @Test
    void noTwoRunsPauseAlike() throws Exception {
        server.failJobs(
                "Exceeded rate limits.",
                Collections.nCopies(3, "rateLimitExceeded").toArray(String[]::new));
        extract("shop");
        List<Long> first = List.copyOf(pauses);
        pauses.clear();
        server.dropTable("pinned", "run");
        server.failJobs(
                "Exceeded rate limits.",
                Collections.nCopies(3, "rateLimitExceeded").toArray(String[]::new));

        extract("shop");

        assertThat(pauses).isNotEmpty().isNotEqualTo(first);
    }

    @Test
    void attemptsAreBounded() {
        server.failJobs(
                "Exceeded rate limits.",
                Collections.nCopies(9, "rateLimitExceeded").toArray(String[]::new));

        assertThatThrownBy(() -> extract("shop")).hasCauseInstanceOf(IOException.class);

        assertThat(server.jobs()).hasSize(4);
    }

    @Test
    void aStopEndsAPause() {
        server.failJobs("Exceeded rate limits.", "rateLimitExceeded");
        stopsInPause = true;

        assertThatThrownBy(() -> extract("shop")).isInstanceOf(CancellationException.class);

        assertThat(pauses).hasSize(1);
        assertThat(server.jobs()).hasSize(1);
    }

    /** Documented as "Consider reducing the amount of work"; the same work fails the same way, after hours. */
    @ParameterizedTest
    @ValueSource(strings = {"timeout", "resourcesExceeded"})
    void whatNeedsLessWorkIsNotTriedAgain(String reason) {
        server.failJobs("Resources exceeded during query execution.", reason);

        assertThatThrownBy(() -> extract("shop"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("select fewer rows and columns", "more partitions")
                .matches(failure -> failure.getCause() == null);

        assertThat(server.jobs()).hasSize(1);
        assertThat(pauses).isEmpty();
    }

    /**
     * Words of BigQuery's pages "Error messages", "Introduction to column-level access control", "Query Google Drive data",
     * "Customer-managed Cloud KMS keys" and "Introduction to connections".
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "stopped | Job execution was cancelled: User requested cancellation | The same command runs it again",
                "billingTierLimitExceeded | Query exceeded resource limits. 2147706.16 CPU seconds were used, and this query must use"
                        + " less than 46300.0 CPU seconds. | select fewer rows",
                "responseTooLarge | Response too large to return. | more partitions",
                "accessDenied | Access Denied: BigQuery BigQuery: User has neither fine-grained reader nor masked get permission to"
                        + " get data protected by policy tag \"t : p\" on column p.shop.lines.id. |"
                        + " roles/datacatalog.categoryFineGrainedReader on the policy tag",
                "accessDenied | Access Denied: BigQuery BigQuery: Permission denied while globbing file pattern. x@y does not have"
                        + " storage.objects.get access to the Google Cloud Storage object. | roles/storage.objectAdmin on the bucket",
                "accessDenied | Access Denied: BigQuery BigQuery: Permission denied while getting Drive credentials. |"
                        + " copy its rows into a table",
                "accessDenied | Access Denied: Connection p.eu.c: User does not have bigquery.connections.use permission for"
                        + " connection p.eu.c. | Grant a role with the permission bigquery.connections.use",
                "accessDenied | Access Denied: BigQuery BigQuery: Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied on"
                        + " resource projects/p/locations/eu/keyRings/r/cryptoKeys/k (or it may not exist). |"
                        + " roles/cloudkms.cryptoKeyEncrypterDecrypter",
            })
    void aJobThatFailsForGoodSaysTheWayOut(String reason, String message, String advice) {
        server.failJobs(message, reason);

        assertThatThrownBy(() -> extract("shop"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining(advice)
                .message()
                .doesNotContain("dataViewer");

        assertThat(server.jobs()).hasSize(1);
        assertThat(pauses).isEmpty();
        assertThat(extract("shop").totalRows()).isEqualTo(2);
    }

    /** "Create custom query quotas" says that they are of a day, and the sandbox's free bytes are those of a month. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Custom quota exceeded: Your usage exceeded the custom quota for QueryUsagePerDay, which is set by your"
                        + " administrator. | midnight Pacific Time",
                "Quota exceeded: Your project exceeded quota for free query bytes scanned. | gcloud billing projects link",
            })
    void aQuotaThatIsNotOfMinutesSaysSo(String message, String advice) {
        server.failJobs(message, Collections.nCopies(4, "quotaExceeded").toArray(String[]::new));
        assertThatThrownBy(() -> extract("shop"))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(advice);

        server.refuse(Integer.MAX_VALUE, 403, "quotaExceeded", message);
        assertThatThrownBy(() -> extract("shop"))
                .hasCauseInstanceOf(IOException.class)
                .hasMessageContaining(advice);
    }

    @ParameterizedTest
    @ValueSource(ints = {408, 429, 500, 502, 503, 504})
    void aCallThatTheServiceCannotAnswerNowIsRepeated(int status) {
        server.refuse(1, status, "unknown", "The service is away.");

        assertThat(extract("shop").totalRows()).isEqualTo(2);
    }

    @Test
    void credentialsThatAreNotAcceptedLeadToCheck() {
        server.refuse(Integer.MAX_VALUE, 401, "authError", "Request had invalid authentication credentials.");

        assertThatThrownBy(() -> extract("shop"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("does not accept the credentials", "'check'");
    }

    /**
     * Words of "Troubleshoot your ADC setup" (no quota project), and of the error USER_PROJECT_DENIED
     * (google-github-actions/auth#250).
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "Your application is authenticating by using local Application Default Credentials. The bigquery.googleapis.com API"
                        + " requires a quota project, which is not set by default.",
                "Your application has authenticated using end user credentials from the Google Cloud SDK. We recommend configuring the"
                        + " billing/quota_project setting. BigQuery API has not been used in project 764086051850 before or it is disabled.",
                "Caller does not have required permission to use project other. Grant the caller the"
                        + " roles/serviceusage.serviceUsageConsumer role, or a custom role with the serviceusage.services.use permission",
            })
    void aLoginWithoutAProjectForItsQuotasIsTold(String message) {
        server.refuse(Integer.MAX_VALUE, 403, "forbidden", message);

        assertThatThrownBy(() -> extract("shop"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining("gcloud auth application-default set-quota-project")
                .message()
                .doesNotContain("services enable");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rateLimitExceeded", "jobRateLimitExceeded"})
    void aCallAboveARateIsRepeated(String reason) {
        server.refuse(2, 403, reason, "Exceeded rate limits: too many api requests per user per method.");

        assertThat(extract("shop").totalRows()).isEqualTo(2);
    }

    /** The words are the services' own: their pages on VPC Service Controls, organization policies and requester pays. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | accessDenied | Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier: b8 |"
                        + " ingress or egress rule",
                "403 | accessDenied | VPC Service Controls: Request is prohibited by organization's policy. | inside the perimeter",
                "412 | conditionNotMet | Operation denied by constraints/gcp.resourceLocations on the project. |"
                        + " org-policies describe constraints/gcp.resourceLocations",
                "403 | forbidden | The request violates the organization policy of the project. | Ask the administrator of the organization",
                "403 | accessNotConfigured | BigQuery API has not been used in project 42 before or it is disabled. Enable it by"
                        + " visiting https://console.developers.google.com/apis/api/bigquery.googleapis.com/overview?project=42 then"
                        + " retry. | gcloud services enable bigquery.googleapis.com --project=42",
                "403 | billingNotEnabled | Billing has not been enabled for this project. | gcloud billing projects link",
            })
    void aRefusalThatNoRoleLiftsNamesNoRole(int status, String reason, String message, String advice) {
        server.refuse(Integer.MAX_VALUE, status, reason, message);

        assertThatThrownBy(() -> extract("shop"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContaining(advice)
                .message()
                .doesNotContain("roles/");
    }

    @Test
    void theJobOfAnotherAccountIsToldApart() throws Exception {
        extract("shop");
        server.dropTable("pinned", "run");
        server.actAs("batch@billing.iam.gserviceaccount.com");

        assertThatThrownBy(() -> extract("shop"))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("account that started the run", "roles/bigquery.admin")
                .message()
                .doesNotContain("jobUser");
    }

    /** Without a location of its own a dry run takes that of the tables, and a job then does not find them. */
    @Test
    void tablesElsewhereAreSeenBeforeTheJob() {
        assertThatThrownBy(() -> warehouse.verify(extraction("far")))
                .isInstanceOf(WarehouseException.class)
                .hasMessageContainingAll("not found in location EU", "modelbatch.gcp.location");
    }

    private PinnedInput extract(String dataset) {
        return warehouse.extract(extraction(dataset));
    }

    private static Extraction extraction(String dataset) {
        return new Extraction(
                "run", "SELECT id FROM " + dataset + ".lines", Map.of(), "id", List.of(), 1, Extraction.Billing.NONE);
    }
}
