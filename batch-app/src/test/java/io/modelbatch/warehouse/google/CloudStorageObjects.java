package io.modelbatch.warehouse.google;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.time.Duration;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Objects of a loopback server that speaks Cloud Storage's JSON API, asked again when it fails on purpose. */
public final class CloudStorageObjects implements BigQueryServer.LoadedObjects {
    private static final int ATTEMPTS = 20;
    private static final long PAUSE_MILLIS = 50;

    private final HttpClient http = HttpClient.newHttpClient();
    private final URI endpoint;

    /** Of the server at this address. */
    public CloudStorageObjects(URI endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public String location(String bucket) throws IOException {
        try {
            HttpResponse<byte[]> answer = http.send(
                    HttpRequest.newBuilder(URI.create(endpoint + "/storage/v1/b/" + bucket))
                            .build(),
                    BodyHandlers.ofByteArray());
            JsonNode said = new JsonMapper().readTree(answer.body());
            if (answer.statusCode() == HttpURLConnection.HTTP_FORBIDDEN) {
                throw new AccessDeniedException(
                        bucket, null, said.path("error").path("message").asString());
            }
            return said.path("location").asString("EU");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException(e);
        }
    }

    @Override
    public byte[] bytes(URI object) throws IOException {
        String name = URLEncoder.encode(object.getPath().substring(1), StandardCharsets.UTF_8)
                .replace("+", "%20");
        URI media = URI.create(endpoint + "/storage/v1/b/" + object.getAuthority() + "/o/" + name + "?alt=media");
        HttpRequest request =
                HttpRequest.newBuilder(media).timeout(Duration.ofMinutes(1)).build();
        IOException failure = new IOException(media + " fails");
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            try {
                HttpResponse<byte[]> answer = http.send(request, BodyHandlers.ofByteArray());
                if (answer.statusCode() == HttpURLConnection.HTTP_OK) {
                    return answer.body();
                }
                if (answer.statusCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                    throw new FileNotFoundException(object.toString());
                }
                Thread.sleep(PAUSE_MILLIS);
            } catch (FileNotFoundException e) {
                throw e;
            } catch (IOException e) {
                failure.addSuppressed(e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
        throw failure;
    }
}
