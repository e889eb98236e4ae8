package io.modelbatch.google;

import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Refusals that every service of Google Cloud may give, whatever it was asked for. */
public final class GoogleRefusal {
    private static final Pattern CONSTRAINT = Pattern.compile("constraints/[a-zA-Z.]+");
    private static final Pattern DISABLED_API =
            Pattern.compile("([a-z]+\\.googleapis\\.com)/overview\\?project=([\\w:.-]*\\w)");

    private static final Set<Integer> PASSING_CODES = Set.of(408, 429, 500, 502, 503, 504);

    private GoogleRefusal() {}

    /** True for a status of HTTP after which the same request may succeed. */
    public static boolean mayPass(int status) {
        return PASSING_CODES.contains(status);
    }

    /**
     * The way out of one that no role on the service's resources changes, as a sentence; empty for a refusal of another kind.
     *
     * @param reason the service's word for it
     * @param words its message
     */
    public static Optional<String> advice(String reason, String words) {
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("vpcservicecontrols") || lower.contains("vpc service controls")) {
            return Optional.of(
                    "A perimeter of VPC Service Controls blocks the request, and no role allows it: run inside the perimeter, or"
                            + " let its administrator add an ingress or egress rule for these credentials");
        }
        Matcher constraint = CONSTRAINT.matcher(words);
        if (constraint.find()) {
            return Optional.of(
                    "An organization policy forbids it, and no role overrides it. Ask the administrator of the organization. See: gcloud"
                            + " org-policies describe " + constraint.group() + " --effective --project=PROJECT");
        }
        if (lower.contains("organization policy") || lower.contains("organization's policy")) {
            return Optional.of(
                    "An organization policy forbids it, and no role overrides it. Ask the administrator of the organization");
        }
        if (reason.equals("UserProjectMissing") || lower.contains("requester pays")) {
            return Optional.of("The bucket has requester pays, which is not supported. Copy the objects into a"
                    + " bucket of the project, or: gcloud storage buckets update gs://BUCKET --no-requester-pays");
        }
        Optional<String> quotaProject = quotaProject(lower);
        if (quotaProject.isPresent()) {
            return quotaProject;
        }
        if (lower.contains("cloud kms") || lower.contains("cloudkms.")) {
            return Optional.of(
                    "It is encrypted with a key of Cloud KMS that the service agent may not use. Grant the service agent"
                            + " roles/cloudkms.cryptoKeyEncrypterDecrypter on the key, and check that the key is enabled");
        }
        if (reason.equals("accessNotConfigured") || lower.contains("it is disabled")) {
            Matcher api = DISABLED_API.matcher(words);
            return Optional.of(
                    api.find()
                            ? "Enable the API: gcloud services enable " + api.group(1) + " --project=" + api.group(2)
                            : "Enable the API: gcloud services enable bigquery.googleapis.com bigquerystorage.googleapis.com"
                                    + " storage.googleapis.com --project=PROJECT");
        }
        if (reason.equals("billingNotEnabled") || reason.equals("accountDisabled")) {
            return Optional.of(
                    "Link the project to a billing account: gcloud billing projects link PROJECT --billing-account=ACCOUNT");
        }
        return Optional.empty();
    }

    /** Requests of a person's login count against a project that the login names, whatever project they are about. */
    private static Optional<String> quotaProject(String lower) {
        if (lower.contains("permission to use project") || lower.contains("serviceusage.services.use")) {
            return Optional.of("The login may not use its quota project. Set another one: gcloud auth"
                    + " application-default set-quota-project PROJECT; or ask the owner of the project for"
                    + " roles/serviceusage.serviceUsageConsumer on it");
        }
        return lower.contains("quota project") || lower.contains("quota_project")
                ? Optional.of("The login has no quota project. Set one: gcloud auth application-default"
                        + " set-quota-project PROJECT")
                : Optional.empty();
    }
}
