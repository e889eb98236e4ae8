package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.store.google.Peers.FakeGcsServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.json.JsonMapper;

/** The commands of the docs for the bucket and the model, by a real {@code gcloud}, in a server of Cloud Storage's API. */
class GcloudStorageTest {
    private static final Path PAGE = Path.of("../docs/google-cloud.md");

    /** An upload is repeated with a new version of the model: nothing may be left beside it, or below it. */
    @Test
    void aSecondUploadReplacesTheModelInItsPlace(@TempDir Path folder) throws Exception {
        InstalledPrograms.assumeInstalled("gcloud");
        Path model = Files.createDirectory(folder.resolve("base-model"));
        Files.writeString(model.resolve("config.json"), "{}");
        Files.writeString(model.resolve("model.safetensors"), "first");
        try (FakeGcsServer server = FakeGcsServer.start()) {
            execute(
                    folder,
                    server,
                    Stream.concat(commands("export PROJECT"), commands("gcloud storage buckets create")));
            execute(folder, server, Stream.concat(commands("export PROJECT"), commands("gcloud storage rsync")));
            Files.writeString(model.resolve("model.safetensors"), "second");
            execute(folder, server, Stream.concat(commands("export PROJECT"), commands("gcloud storage rsync")));

            assertThat(objects(server))
                    .containsExactlyInAnyOrder("models/base/config.json 2", "models/base/model.safetensors 6");
        }
    }

    /** Lines of the page that begin so. */
    private static Stream<String> commands(String begin) {
        return DocumentedCommands.blocks(PAGE).stream().flatMap(String::lines).filter(line -> line.startsWith(begin));
    }

    private static void execute(Path folder, FakeGcsServer server, Stream<String> commands)
            throws IOException, InterruptedException {
        Path said = folder.resolve("said");
        ProcessBuilder shell = new ProcessBuilder("bash", "-euc", commands.collect(Collectors.joining("\n")))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile());
        shell.environment().put("CLOUDSDK_CONFIG", folder.resolve("config").toString());
        shell.environment().put("CLOUDSDK_API_ENDPOINT_OVERRIDES_STORAGE", server.address() + "/storage/v1/");
        shell.environment().put("CLOUDSDK_AUTH_DISABLE_CREDENTIALS", "true");
        shell.environment().put("CLOUDSDK_CORE_DISABLE_PROMPTS", "1");
        assertThat(shell.start().waitFor()).as(Files.readString(said)).isZero();
    }

    private static List<String> objects(FakeGcsServer server) throws IOException, InterruptedException {
        String listed = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(server.address().resolve("/storage/v1/b/receipts-ml/o"))
                                .build(),
                        HttpResponse.BodyHandlers.ofString())
                .body();
        return JsonMapper.shared()
                .readTree(listed)
                .path("items")
                .valueStream()
                .map(object -> object.path("name").asString() + " "
                        + object.path("size").asString())
                .toList();
    }
}
