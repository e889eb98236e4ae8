package io.modelbatch.google;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpBackOffIOExceptionHandler;
import com.google.api.client.http.HttpBackOffUnsuccessfulResponseHandler;
import com.google.api.client.http.HttpRequest;
import com.google.api.client.http.HttpResponseException;
import com.google.api.client.http.HttpUnsuccessfulResponseHandler;
import com.google.api.client.util.ExponentialBackOff;
import io.modelbatch.base.SettingsException;
import java.io.IOException;
import java.net.URI;
import java.util.Base64;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/** Secrets that Secret Manager keeps. A secret is never written anywhere. */
public final class SecretManager {
    private static final URI GOOGLE = URI.create("https://secretmanager.googleapis.com");
    private static final int RETRIES = 5;

    private final GoogleProject project;
    private final URI address;

    /** Google's service. */
    public SecretManager(GoogleProject project) {
        this(project, GOOGLE);
    }

    SecretManager(GoogleProject project, URI address) {
        this.project = project;
        this.address = address;
    }

    /**
     * The newest version of a secret, without a line break at its end.
     *
     * @param secret its name, {@code projects/PROJECT/secrets/NAME}
     * @throws SettingsException when it cannot be read
     */
    public String latest(String secret) {
        try {
            HttpRequest request = project.requests()
                    .buildGetRequest(new GenericUrl(address + "/v1/" + secret + "/versions/latest:access"))
                    .setNumberOfRetries(RETRIES)
                    .setIOExceptionHandler(new HttpBackOffIOExceptionHandler(new ExponentialBackOff()));
            // The credentials have a handler of their own, which fetches another token after 401.
            HttpUnsuccessfulResponseHandler ofCredentials = request.getUnsuccessfulResponseHandler();
            HttpUnsuccessfulResponseHandler again =
                    new HttpBackOffUnsuccessfulResponseHandler(new ExponentialBackOff());
            request.setUnsuccessfulResponseHandler((asked, response, retries) ->
                    (ofCredentials != null && ofCredentials.handleResponse(asked, response, retries))
                            || again.handleResponse(asked, response, retries));
            String data = JsonMapper.shared()
                    .readTree(request.execute().parseAsString())
                    .at("/payload/data")
                    .stringValue();
            return new String(Base64.getDecoder().decode(data), UTF_8).replaceFirst("\\R\\z", "");
        } catch (HttpResponseException e) {
            throw new SettingsException("The secret " + secret + " cannot be read: Secret Manager answers with "
                    + e.getStatusCode() + ". " + remedy(e.getStatusCode()));
        } catch (IOException e) {
            throw new SettingsException("The secret " + secret + " cannot be read: "
                    + TokenException.of(e).reason());
        } catch (JacksonException | IllegalArgumentException e) {
            throw new SettingsException(
                    "The secret " + secret + " cannot be read: the answer of Secret Manager has no text");
        }
    }

    private static String remedy(int status) {
        return switch (status) {
            case 400 -> "A name is projects/PROJECT/secrets/NAME";
            case 401, 403 -> "Grant the service account roles/secretmanager.secretAccessor on the secret";
            case 404 -> "Make it with: gcloud secrets create NAME --data-file=FILE";
            default -> "Try again later";
        };
    }
}
