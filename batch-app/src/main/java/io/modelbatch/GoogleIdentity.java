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
 * The identity that asks Google Cloud: the kind of the credentials and their principal, never a secret.
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
                            ? "the token service for " + identity.name + " cannot be reached (" + failure.reason()
                                    + "). Check the network and the proxy settings of this machine"
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
            return "The clock of this machine differs from Google's. Set it, and keep it synchronized by NTP";
        }
        return reason.contains("invalid_rapt") || reason.contains("rapt_required")
                ? remedy + ". The organization ends logins after some hours. Use a service account for runs at night"
                : remedy;
    }

    private static GoogleIdentity of(Credentials credentials) {
        if (credentials instanceof NoCredentials) {
            return new GoogleIdentity("none (modelbatch.gcp.credentials=none)", "");
        }
        if (credentials instanceof ServiceAccountCredentials key) {
            return new GoogleIdentity(
                    "service account " + key.getClientEmail() + ", by a key",
                    "The key may be deleted or the account disabled. Set GOOGLE_APPLICATION_CREDENTIALS to the file of another key");
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
                    "The account that impersonates it needs roles/iam.serviceAccountTokenCreator on it. If its login has"
                            + " expired: gcloud auth"
                            + " application-default login --impersonate-service-account=" + impersonated.getAccount());
        }
        if (credentials instanceof ExternalAccountCredentials external) {
            return new GoogleIdentity(
                    "workload identity federation as "
                            + Objects.requireNonNullElse(external.getServiceAccountEmail(), "a principal of its own"),
                    "Check that the provider of the pool accepts this token, and that its principal has"
                            + " roles/iam.workloadIdentityUser on the service account");
        }
        if (credentials instanceof UserCredentials user) {
            return new GoogleIdentity(
                    "a person's login (gcloud, client " + user.getClientId() + ")",
                    "The login has expired. Log in again: gcloud auth application-default login");
        }
        return new GoogleIdentity(
                credentials.getAuthenticationType(),
                "Set GOOGLE_APPLICATION_CREDENTIALS to the file of other credentials");
    }
}
