package io.modelbatch.store.google;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.cloud.NoCredentials;
import io.modelbatch.google.GoogleProject;
import io.modelbatch.store.ObjectStore;
import io.modelbatch.store.ObjectStoreContract;
import io.modelbatch.store.ObjectStores;
import io.modelbatch.store.ObjectUri;
import io.modelbatch.store.StoredObject;
import io.modelbatch.store.google.StorageServer.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@Execution(ExecutionMode.CONCURRENT)
class CloudStorageStoreTest extends ObjectStoreContract {
    private static final ObjectUri OBJECT = ObjectUri.parse("gs://bucket/folder/object");
    private static final int LARGE = 20 << 20;

    @TempDir
    private Path folder;

    private StorageServer server;

    @Override
    protected ObjectStore emptyStore() throws IOException {
        server = StorageServer.start(folder.resolve("server")).bucket("bucket");
        return CloudStorageStore.open(
                new GoogleProject("project", NoCredentials.getInstance()), Optional.of(server.address()));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void anUploadSurvivesEachFault(Fault fault) throws IOException {
        Path file = large();
        server.order(fault);

        store().put(OBJECT, file);

        assertThat(server.injected()).isEqualTo(Map.of(fault, 1));
        assertSame(file);
    }

    @ParameterizedTest
    @EnumSource(Fault.class)
    void aReplacementSurvivesEachFault(Fault fault) throws IOException {
        Optional<StoredObject> seen = Optional.of(store().replace(OBJECT, new byte[] {1}, Optional.empty()));
        Path file = large();
        server.order(fault);

        store().replace(OBJECT, file, seen);

        assertThat(server.injected()).isEqualTo(Map.of(fault, 1));
        assertSame(file);
    }

    @Test
    void aReplacementWhoseAnswerIsLostIsNoLostRace() throws IOException {
        Optional<StoredObject> seen = Optional.of(store().replace(OBJECT, new byte[] {1}, Optional.empty()));
        server.order(Fault.LOST_ANSWER);

        StoredObject second = store().replace(OBJECT, new byte[] {2}, seen);

        assertThat(server.injected()).isEqualTo(Map.of(Fault.LOST_ANSWER, 1));
        assertThat(store().find(OBJECT)).contains(second);
    }

    @ParameterizedTest
    @EnumSource(names = {"UNAVAILABLE", "TOO_MANY_REQUESTS", "BROKEN_BODY", "SLOW"})
    void aDownloadSurvivesEachFault(Fault fault) throws IOException {
        Path file = large();
        store().put(OBJECT, file);
        server.order(fault);

        assertSame(file);
        assertThat(server.injected()).isEqualTo(Map.of(fault, 1));
    }

    @Test
    void withEveryFaultAtManyCallsNothingIsLost() throws IOException {
        ObjectStore patient = ObjectStores.retrying(store());
        server.failOneOf(4);
        // An upload's body may fail in six ways, so each of them comes round once in 24.
        for (int i = 0; i < 24; i++) {
            ObjectUri uri = OBJECT.child("number-" + i);
            byte[] content = ("content " + i).repeat(100_000).getBytes(StandardCharsets.UTF_8);

            patient.put(uri, Files.write(folder.resolve("file"), content));

            patient.download(uri, folder.resolve("copy"));
            assertThat(Files.readAllBytes(folder.resolve("copy"))).isEqualTo(content);
        }
        assertThat(patient.list(OBJECT)).hasSize(24);
        assertThat(server.injected()).containsOnlyKeys(Fault.values());
    }

    /** Words of VPC Service Controls, of organization policies and of the page "Requester Pays". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | vpcServiceControls | Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier:"
                        + " b8 | ingress or egress rule",
                "403 | forbidden | Denied by constraints/storage.restrictAuthTypes | constraints/storage.restrictAuthTypes",
                "403 | accountDisabled | The billing account for the owning project is disabled in state absent |"
                        + " gcloud billing projects link",
                "400 | UserProjectMissing | User project specified in the request is missing. | gs://bucket --no-requester-pays",
            })
    void aRefusalThatNoRoleLiftsNamesNoRole(int status, String reason, String message, String advice) {
        server.refuse(Integer.MAX_VALUE, status, reason, message);

        assertThatThrownBy(() -> ObjectStores.retrying(store()).delete(OBJECT))
                .hasMessageContaining(advice)
                .message()
                .doesNotContain("roles/");
    }

    @Test
    void whatKeepsTheObjectsOfABucketIsToldBeforeAnythingIsWritten() throws IOException {
        assertThat(store().keeping(OBJECT)).isEmpty();

        server.existing("bucket").retain(Duration.ofDays(30));
        assertThat(store().keeping(OBJECT).orElseThrow())
                .contains("for 30 days", "gcloud storage buckets update gs://bucket --clear-retention-period");

        server.existing("bucket").lockRetention().holdNewObjects();
        assertThat(store().keeping(OBJECT).orElseThrow())
                .contains("is locked", "Use another bucket", "event-based hold")
                .doesNotContain("--clear-retention-period", "--no-default-event-based-hold");

        server.existing("bucket").deny(ServedBucket.Permission.GET_BUCKET);
        assertThat(store().keeping(OBJECT)).isEmpty();
    }

    @Test
    void aRetainedObjectIsNeitherRemovedNorReplaced() throws IOException {
        StoredObject kept = store().replace(OBJECT, new byte[] {1}, Optional.empty());
        server.existing("bucket").retain(Duration.ofHours(36));
        Path file = Files.write(folder.resolve("file"), new byte[] {2});

        for (ThrowingCallable loss : List.<ThrowingCallable>of(
                () -> store().delete(OBJECT),
                () -> store().replace(OBJECT, new byte[] {2}, Optional.of(kept)),
                () -> store().replace(OBJECT, file, Optional.of(kept)))) {
            assertThatThrownBy(loss)
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContainingAll("retention policy", "update gs://bucket --clear-retention-period")
                    .message()
                    .doesNotContain("roles/");
        }
        assertThat(store().find(OBJECT)).contains(kept);
        assertThat(store().put(OBJECT, Files.write(file, new byte[] {1}))).isEqualTo(kept);
    }

    @Test
    void aHeldObjectIsNeitherRemovedNorReplaced() throws IOException {
        StoredObject kept = store().replace(OBJECT, new byte[] {1}, Optional.empty());
        server.existing("bucket").hold("folder/object");

        for (ThrowingCallable loss : List.<ThrowingCallable>of(
                () -> store().delete(OBJECT), () -> store().replace(OBJECT, new byte[] {2}, Optional.of(kept)))) {
            assertThatThrownBy(loss)
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContainingAll(
                            "gs://bucket/folder/object --no-event-based-hold", "--no-default-event-based-hold")
                    .message()
                    .doesNotContain("roles/");
        }
        assertThat(store().find(OBJECT)).contains(kept);
    }

    /** A dual-region may be near a table, and its name does not say to which regions. */
    @ParameterizedTest
    @CsvSource({"EU, EU", "EUROPE-WEST3, EUROPE-WEST3", "EUR4,"})
    void aRegionIsTold(String location, @Nullable String told) throws IOException {
        server.bucket("elsewhere", location);

        assertThat(store().region(ObjectUri.parse("gs://elsewhere/object"))).isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void credentialsThatAreNotAcceptedLeadToCheck() {
        server.refuse(2, 401, "authError", "Invalid Credentials");

        assertThatThrownBy(() -> store().find(OBJECT))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll("does not accept the credentials (Invalid Credentials)", "'check'");
    }

    /** Words of "Customer-managed encryption keys", and of a login whose project for quotas is not its own (google-cloud-ruby#6456). */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "Permission denied on Cloud KMS key. Please ensure that your Cloud Storage service account has been authorized to use"
                        + " this key. | roles/cloudkms.cryptoKeyEncrypterDecrypter",
                "x@y does not have serviceusage.services.use access to the Google Cloud project. |"
                        + " gcloud auth application-default set-quota-project",
            })
    void aRefusalThatIsNotAboutTheBucketNamesWhatItIsAbout(String message, String advice) {
        server.refuse(2, 403, "forbidden", message);

        assertThatThrownBy(() -> store().find(OBJECT))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContaining(advice)
                .message()
                .doesNotContain("roles/storage");
    }

    @Test
    void aBucketWhoseCallersPayIsRefusedByEachCall() throws IOException {
        server.existing("bucket").requesterPays();
        Path file = Files.write(folder.resolve("file"), new byte[] {1});

        for (ThrowingCallable call : List.<ThrowingCallable>of(
                () -> store().put(OBJECT, file),
                () -> store().replace(OBJECT, new byte[] {2}, Optional.empty()),
                () -> store().find(OBJECT),
                () -> store().list(OBJECT),
                () -> store().read(OBJECT),
                () -> store().region(OBJECT),
                () -> store().keeping(OBJECT))) {
            assertThatThrownBy(call)
                    .isInstanceOf(AccessDeniedException.class)
                    .hasMessageContaining("gs://bucket --no-requester-pays");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CREATE_OBJECTS, storage.objects.create, roles/storage.objectAdmin",
        "DELETE_OBJECTS, storage.objects.delete, roles/storage.objectAdmin",
        "GET_BUCKET, storage.buckets.get, roles/storage.legacyBucketReader",
    })
    void aMissingPermissionNamesItsRole(ServedBucket.Permission permission, String code, String role)
            throws IOException {
        StoredObject there = store().replace(OBJECT, new byte[] {1}, Optional.empty());
        server.existing("bucket").deny(permission);

        assertThatThrownBy(() -> {
                    store().replace(OBJECT, new byte[] {2}, Optional.of(there));
                    store().region(OBJECT);
                })
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll(code, role);
        if (permission == ServedBucket.Permission.DELETE_OBJECTS) {
            assertThatThrownBy(() -> store().delete(OBJECT)).hasMessageContainingAll(code, role);
        }
    }

    @Test
    void aRefusalIsNotAskedForAgain() {
        server.refuse(1, 403, "forbidden", "x@y does not have storage.objects.delete access to the object.");

        assertThatThrownBy(() -> ObjectStores.retrying(store()).delete(OBJECT))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessageContainingAll("storage.objects.delete", "roles/storage.objectAdmin");
    }

    /** The client does not read the answers to its resumable uploads. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "403 | vpcServiceControls | Request is prohibited by organization's policy. vpcServiceControlsUniqueIdentifier:"
                        + " b8 | ingress or egress rule",
                "403 | forbidden | x@y does not have storage.objects.create access. | storage.objects.create access. Grant",
                "403 | quotaExceeded | Too much traffic. | Cloud Storage failed: Too much traffic",
            })
    void aRefusedUploadSaysTheSame(int status, String reason, String message, String words) throws IOException {
        Path file = Files.write(folder.resolve("file"), new byte[] {1});
        server.refuse(2, status, reason, message);

        assertThatThrownBy(() -> store().put(OBJECT, file))
                .hasMessageContaining(words)
                .message()
                .doesNotContain("upload", "POST");
    }

    @Test
    void a403AboveARateIsTriedAgain() throws IOException {
        server.refuse(1, 403, "rateLimitExceeded", "The rate of requests is too high.");

        assertThat(ObjectStores.retrying(store()).find(OBJECT)).isEmpty();
    }

    @Test
    void aMissingBucketIsNamed() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "content");

        assertThatThrownBy(() -> store().put(ObjectUri.parse("gs://nowhere/object"), file))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("there is no bucket 'nowhere'");
    }

    private Path large() throws IOException {
        byte[] content = new byte[LARGE];
        new Random(1).nextBytes(content);
        return Files.write(folder.resolve("large"), content);
    }

    private void assertSame(Path file) throws IOException {
        Path copy = folder.resolve("copy");
        store().download(OBJECT, copy);
        assertThat(Arrays.equals(Files.readAllBytes(copy), Files.readAllBytes(file)))
                .isTrue();
    }
}
