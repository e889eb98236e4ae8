package io.modelbatch;

import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.cloud.NoCredentials;
import java.io.IOException;
import java.util.Objects;

/** Who asks Google Cloud: the kind of the credentials and their principal, never a secret. */
final class GoogleIdentity {
    private GoogleIdentity() {}

    /**
     * Names it, once Google has accepted it.
     *
     * @throws IOException when it is not accepted
     */
    static String of(Credentials credentials) throws IOException {
        if (credentials instanceof NoCredentials) {
            return "none (modelbatch.gcp.credentials=none)";
        }
        try {
            credentials.refresh();
        } catch (IOException e) {
            throw new IOException(
                    words(credentials) + " is not accepted (" + firstLine(e)
                            + "). Is the key deleted or the login over?"
                            + " gcloud auth application-default login, or another key in GOOGLE_APPLICATION_CREDENTIALS",
                    e);
        }
        return words(credentials);
    }

    private static String words(Credentials credentials) {
        if (credentials instanceof ServiceAccountCredentials key) {
            return "service account " + key.getClientEmail() + ", by a key";
        }
        if (credentials instanceof ComputeEngineCredentials machine) {
            return "service account " + machine.getAccount() + ", of this machine or pod";
        }
        if (credentials instanceof ImpersonatedCredentials impersonated) {
            return "service account " + impersonated.getAccount() + ", impersonated";
        }
        if (credentials instanceof ExternalAccountCredentials external) {
            return "workload identity federation as "
                    + Objects.requireNonNullElse(external.getServiceAccountEmail(), "a principal of its own");
        }
        return credentials instanceof UserCredentials user
                ? "a person's login (gcloud, client " + user.getClientId() + ")"
                : credentials.getAuthenticationType();
    }

    private static String firstLine(IOException failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
