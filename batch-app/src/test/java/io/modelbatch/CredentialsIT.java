package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.BatchProcess.Ended;
import io.modelbatch.model.Fixture;
import io.modelbatch.store.google.LoopbackCertificate;
import io.modelbatch.store.google.StorageServer;
import io.modelbatch.store.google.TokenServer;
import io.modelbatch.store.google.TokenServer.Kind;
import io.modelbatch.warehouse.google.BigQueryServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every kind of Google's credentials, against servers over TLS that ask each call for its token. */
class CredentialsIT {
    private static final int USAGE = 2;
    private static final int FAILED_FOR_GOOD = 3;
    private static final String PREDICT = """
            steps:
              - extract: { query: "SELECT id, text FROM shop.lines", key: id }
              - infer: { model: "gs://models/tiny", task: text-classification, text: text, to: "gs://results/all" }
              - load: { table: shop.answers }
            """;

    @TempDir
    private Path folder;

    private TokenServer tokens;
    private StorageServer storage;
    private GoogleShop google;
    private Map<String, String> environment;

    @BeforeEach
    void open() throws Exception {
        tokens = TokenServer.start(LoopbackCertificate.make(folder));
        storage = StorageServer.start(folder.resolve("storage"));
        GoogleShop.BUCKETS.forEach(storage::bucket);
        google = GoogleShop.open(folder, storage.address(), Map.of());
        google.table("shop.lines", "id,text\n1,milk\n2,bread\n");
        google.model("models/tiny", Fixture.named("bert-classification").model());
        BigQueryServer.Entrance guarded = google.bigQuery().guardedBy(tokens);
        URI guardedStorage = storage.guardedBy(tokens);
        environment = google.environment(guarded, guardedStorage);
        new CommandLine(folder).job("predict", PREDICT);
    }

    @AfterEach
    void close() throws Exception {
        google.close();
        storage.close();
        tokens.close();
    }

    @ParameterizedTest
    @EnumSource
    void eachKindIsAcceptedEverywhere(Kind kind) throws Exception {
        Ended both = BatchProcess.startInTurn(
                        folder, environment(kind), "check", "job=predict", InTurn.THEN, "job=predict")
                .await();

        assertThat(both.exit()).as(both.output()).isZero();
        assertThat(both.output()).contains(kind == Kind.LOGIN ? "a person's login" : TokenServer.ACCOUNT);
        assertThat(google.bigQuery().rows("select count(*) from shop.answers")).containsExactly(List.of(2L));
        assertNoSecrets(both.output());
    }

    /** GoogleIdentityTest has the other kinds. */
    @ParameterizedTest
    @CsvSource({
        "LOGIN, Token has been expired or revoked, gcloud auth application-default login",
        "MACHINE, Error code 404, Workload Identity"
    })
    void whatIsRevokedIsToldByItsKind(Kind kind, String reason, String remedy) throws Exception {
        tokens.revoke();

        Ended check = refused(kind);

        assertThat(check.output()).containsPattern("credentials: .*\\(.*" + reason + ".*" + remedy);
        for (String service : List.of("dataset pinned", "writing to gs://runs/runs")) {
            assertThat(check.output())
                    .containsPattern(service + ": .*the credentials are not accepted \\(.*" + reason + ".*'check'");
        }
        assertNoSecrets(check.output());
    }

    /** Whatever a token says: each client fetches another one when it is refused. */
    @Test
    void aRunOutlivesItsTokens() throws Exception {
        tokens.tokensServe(12); // more than the threads of a run call at once: a call is tried again once

        Ended run = run(Kind.KEY, "job=predict");

        assertThat(run.exit()).as(run.output()).isZero();
        assertThat(tokens.given()).isGreaterThan(2);
    }

    @Test
    void aKeyThatIsRevokedInMidRunEndsIt() throws Exception {
        google.bigQuery().jobsTake(Duration.ofSeconds(2));
        BatchProcess process = start(Kind.KEY, "job=predict");
        process.awaitUntil("a job is there", () -> !google.bigQuery().jobs().isEmpty());
        tokens.revoke();

        Ended run = process.await();

        assertThat(run.exit()).as(run.output()).isEqualTo(FAILED_FOR_GOOD);
        assertThat(run.output()).contains("accept", "'check'").doesNotContain("\tat ");
        assertNoSecrets(run.output());
    }

    @Test
    void aTokenServiceThatIsAwayIsNotCalledARevokedKey() throws Exception {
        tokens.close();

        Ended check = refused(Kind.KEY);

        assertThat(check.output())
                .contains("the token service for service account", "Connection refused")
                .doesNotContain("another key");
    }

    private static void assertNoSecrets(String output) {
        assertThat(output).doesNotContain("-secret", "PRIVATE KEY");
    }

    /** A check that finds credentials which cannot be used. */
    private Ended refused(Kind kind) throws Exception {
        Ended check = run(kind, "check", "job=predict");
        assertThat(check.exit()).as(check.output()).isEqualTo(USAGE);
        return check;
    }

    private Ended run(Kind kind, String... arguments) throws Exception {
        return start(kind, arguments).await();
    }

    private BatchProcess start(Kind kind, String... arguments) throws Exception {
        return BatchProcess.start(folder, environment(kind), arguments);
    }

    private Map<String, String> environment(Kind kind) throws IOException {
        Map<String, String> all = new HashMap<>(environment);
        all.putAll(tokens.environment(kind, folder));
        return all;
    }
}
