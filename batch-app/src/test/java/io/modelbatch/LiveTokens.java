package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.auth.oauth2.GoogleCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import java.io.IOException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The answers that the token service is believed to give. Run by the live test kit alone, and only where the credentials are a key. */
class LiveTokens {
    @Test
    void a_key_without_a_scope_gets_no_token() throws IOException {
        GoogleCredentials credentials = GoogleCredentials.getApplicationDefault();
        Assumptions.assumeTrue(credentials instanceof ServiceAccountCredentials);

        assertThatThrownBy(credentials::refresh).hasStackTraceContaining("invalid_scope");
    }
}
