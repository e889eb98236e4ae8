package io.modelbatch.google;

import com.google.api.client.http.EmptyContent;
import com.google.api.client.http.GenericUrl;
import com.google.api.client.http.HttpResponseException;
import java.io.IOException;
import java.net.URI;

/**
 * A request without content that makes a service of Google Cloud do something.
 *
 * @param project in whose name it is made
 * @param address of the method
 */
public record AuthorizedPost(GoogleProject project, URI address) {
    /**
     * Sends it once.
     *
     * @throws IOException when it is refused, or there is no answer; the message has no token
     */
    public void send() throws IOException {
        try {
            project.requests()
                    .buildPostRequest(new GenericUrl(address), new EmptyContent())
                    .execute()
                    .disconnect();
        } catch (HttpResponseException e) {
            throw new IOException(address + " answers with " + e.getStatusCode()
                    + (e.getStatusCode() == 403 ? ". Grant the service account the permission of this method" : ""));
        }
    }
}
