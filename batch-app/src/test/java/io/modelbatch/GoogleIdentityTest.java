package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.store.google.LoopbackCertificate;
import io.modelbatch.store.google.TokenServer;
import io.modelbatch.store.google.TokenServer.Kind;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Google's own credentials, against a server over TLS that gives tokens. CredentialsIT has those of a machine. */
class GoogleIdentityTest {
    private static LoopbackCertificate certificate;

    @TempDir
    private Path folder;

    private TokenServer tokens;

    @BeforeAll
    static void makeCertificate(@TempDir Path folder) throws Exception {
        certificate = LoopbackCertificate.make(folder);
    }

    @BeforeEach
    void start() throws Exception {
        tokens = TokenServer.start(certificate);
    }

    @AfterEach
    void stop() {
        tokens.close();
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MACHINE")
    void whoAsksIsNamed(Kind kind) throws Exception {
        assertThat(GoogleIdentity.accepted(tokens.credentials(kind, folder)))
                .contains(kind == Kind.LOGIN ? "a person's login" : TokenServer.ACCOUNT)
                .doesNotContain("-secret");
    }

    @ParameterizedTest
    @CsvSource({
        "KEY, Invalid JWT Signature, the file of another key",
        "LOGIN, Token has been expired or revoked, gcloud auth application-default login",
        "IMPERSONATION, Token has been expired or revoked, roles/iam.serviceAccountTokenCreator",
        "FEDERATION, is rejected by the attribute condition, roles/iam.workloadIdentityUser"
    })
    void whatIsRevokedIsToldByItsKind(Kind kind, String reason, String remedy) {
        tokens.revoke();

        assertRefused(kind).containsPattern("\\(.*" + reason + ".*" + remedy);
    }

    @Test
    void aClockThatIsWrongIsNotCalledARevokedKey() {
        tokens.clockIsAhead(Duration.ofHours(2));

        assertRefused(Kind.KEY)
                .containsPattern("short-lived token.*[Cc]lock of this machine")
                .doesNotContain("another key");
    }

    @Test
    void whoMayNotImpersonateIsToldTheRole() {
        tokens.denyImpersonation();

        assertRefused(Kind.IMPERSONATION)
                .containsPattern("iam.serviceAccounts.getAccessToken.*roles/iam.serviceAccountTokenCreator");
    }

    @Test
    void aLoginThatAnOrganizationEndedIsNotForTheNight() {
        tokens.askForLoginAgain();

        assertRefused(Kind.LOGIN)
                .containsPattern("invalid_rapt.*gcloud auth application-default login.*service account");
    }

    private AbstractStringAssert<?> assertRefused(Kind kind) {
        return assertThatThrownBy(() -> GoogleIdentity.accepted(tokens.credentials(kind, folder)))
                .isInstanceOf(IOException.class)
                .message()
                .doesNotContain("-secret", "PRIVATE KEY");
    }
}
