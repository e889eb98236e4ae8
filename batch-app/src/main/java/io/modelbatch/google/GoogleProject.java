package io.modelbatch.google;

import com.google.api.client.http.HttpRequestFactory;
import com.google.api.client.http.javanet.NetHttpTransport;
import com.google.auth.Credentials;
import com.google.auth.http.HttpCredentialsAdapter;
import com.google.cloud.NoCredentials;

/**
 * The Google Cloud project in whose name the clients work. Always given, never guessed from the credentials.
 *
 * @param id the project that jobs and requests are billed to
 * @param credentials the credentials of all requests; {@link com.google.cloud.NoCredentials} for servers that want none
 */
public record GoogleProject(String id, Credentials credentials) {
    /** The credentials for the clients of services. Where they give no token, the failure is a {@link TokenException}. */
    public Credentials requestCredentials() {
        return credentials instanceof NoCredentials ? credentials : new RequestCredentials(credentials);
    }

    /** Makes requests of services that have no client here. */
    HttpRequestFactory requests() {
        return credentials instanceof NoCredentials
                ? new NetHttpTransport().createRequestFactory()
                : new NetHttpTransport().createRequestFactory(new HttpCredentialsAdapter(requestCredentials()));
    }
}
