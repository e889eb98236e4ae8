package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The manifests of a job, as the verb {@code k8s} writes them.
 *
 * @param folder with {@code base} and {@code overlays}
 */
record RenderedJob(Path folder) {
    /** The names of docs/google-cloud.md. */
    static final List<String> GOOGLE = List.of(
            "--modelbatch.gcp.project=receipts-prod",
            "--modelbatch.gcp.location=EU",
            "--modelbatch.gcp.dataset=modelbatch",
            "--modelbatch.gcp.bucket=receipts-ml");

    static final String IMAGE = "europe-west1-docker.pkg.dev/receipts-prod/modelbatch/modelbatch:1";

    /** A job of a folder of job files. */
    static RenderedJob of(Path jobs, String job, Path folder, String... options) {
        List<String> words =
                new ArrayList<>(List.of("k8s", "job=" + job, "--to=" + folder, "--modelbatch.jobs=" + jobs));
        words.addAll(GOOGLE);
        words.addAll(List.of(options));
        CommandLine.Ended ended = CommandLine.runAlone(words.toArray(String[]::new));
        assertThat(ended.exit()).as(ended.words()).isZero();
        return new RenderedJob(folder);
    }

    /** All files by their paths. */
    Map<String, String> files() {
        Map<String, String> texts = new TreeMap<>();
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                texts.put(folder.relativize(file).toString(), Files.readString(file));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return texts;
    }

    /** The objects of an overlay, as kustomize puts them together. */
    List<JsonNode> objects(String overlay) throws IOException, InterruptedException {
        return parse(built(overlay));
    }

    String built(String overlay) throws IOException, InterruptedException {
        Path kustomize = InstalledPrograms.assumeInstalled("kustomize");
        return InstalledPrograms.output(List.of(
                kustomize.toString(),
                "build",
                folder.resolve("overlays/" + overlay).toString()));
    }

    private static List<JsonNode> parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        List<JsonNode> documents = new ArrayList<>();
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(options))
                .loadAll(yaml)
                .forEach(document -> documents.add(JsonMapper.shared().valueToTree(document)));
        return documents;
    }
}
