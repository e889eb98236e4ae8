package io.modelbatch;

import com.google.auth.Credentials;
import com.google.auth.oauth2.ComputeEngineCredentials;
import com.google.auth.oauth2.ExternalAccountCredentials;
import com.google.auth.oauth2.ImpersonatedCredentials;
import com.google.auth.oauth2.ServiceAccountCredentials;
import com.google.auth.oauth2.UserCredentials;
import com.google.cloud.NoCredentials;
import io.modelbatch.google.TokenException;
import java.io.IOException;
import java.util.Objects;

/**
 * Who asks Google Cloud: the kind of the credentials and their principal, never a secret.
 *
 * @param name the principal, in words
 * @param remedy the way out when Google does not accept it
 */
record GoogleIdentity(String name, String remedy) {
    /**
     * Names it, once Google has accepted it.
     *
     * @throws IOException when it is not accepted
     */
    static String accepted(Credentials credentials) throws IOException {
        GoogleIdentity identity = of(credentials);
        if (credentials instanceof NoCredentials) {
            return identity.name;
        }
        try {
            credentials.refresh();
        } catch (IOException e) {
            TokenException failure = TokenException.of(e);
            throw new IOException(
                    failure.isRetryable()
                            ? "the service that gives tokens to " + identity.name + " cannot be reached ("
                                    + failure.reason() + "). Is there a way to it from here, or a proxy to be set?"
                            : identity.name + " is not accepted (" + failure.reason() + "). "
                                    + identity.remedy(failure.reason()),
                    e);
        }
        return credentials instanceof ComputeEngineCredentials machine
                ? "service account " + machine.getAccount() + ", of this machine or pod"
                : identity.name;
    }

    /** The way out of a refusal. What its reason tells is more than what the kind of the credentials does. */
    private String remedy(String reason) {
        if (reason.contains("short-lived token")) {
            return "The clock of this machine differs from Google's: set it, and keep it right by NTP";
        }
        return reason.contains("invalid_rapt") || reason.contains("rapt_required")
                ? remedy + ". The organization ends logins after some hours: a run at night needs a service account"
                : remedy;
    }

    private static GoogleIdentity of(Credentials credentials) {
        if (credentials instanceof NoCredentials) {
            return new GoogleIdentity("none (modelbatch.gcp.credentials=none)", "");
        }
        if (credentials instanceof ServiceAccountCredentials key) {
            return new GoogleIdentity(
                    "service account " + key.getClientEmail() + ", by a key",
                    "Is the key deleted, or the account disabled? Name the file of another key in GOOGLE_APPLICATION_CREDENTIALS");
        }
        if (credentials instanceof ComputeEngineCredentials) {
            return new GoogleIdentity(
                    "service account of this machine or pod",
                    "Give the machine a service account with the scope cloud-platform, or the pod's Kubernetes service account"
                            + " Workload Identity");
        }
        if (credentials instanceof ImpersonatedCredentials impersonated) {
            return new GoogleIdentity(
                    "service account " + impersonated.getAccount() + ", impersonated",
                    "Who impersonates it needs roles/iam.serviceAccountTokenCreator on it; is the login over? gcloud auth"
                            + " application-default login --impersonate-service-account=" + impersonated.getAccount());
        }
        if (credentials instanceof ExternalAccountCredentials external) {
            return new GoogleIdentity(
                    "workload identity federation as "
                            + Objects.requireNonNullElse(external.getServiceAccountEmail(), "a principal of its own"),
                    "Does the provider of the pool accept this token, and has its principal roles/iam.workloadIdentityUser on the"
                            + " service account?");
        }
        if (credentials instanceof UserCredentials user) {
            return new GoogleIdentity(
                    "a person's login (gcloud, client " + user.getClientId() + ")",
                    "The login is over: gcloud auth application-default login");
        }
        return new GoogleIdentity(
                credentials.getAuthenticationType(), "Name other credentials in GOOGLE_APPLICATION_CREDENTIALS");
    }
}
