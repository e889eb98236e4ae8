package io.modelbatch;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.Sets;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The manifests and the commands of the docs, against a real API server of Kubernetes. */
class KubernetesServerTest {
    private static KubernetesServer server;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        server = KubernetesServer.start(folder);
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** Each job with each combination of the documented patches. */
    @Test
    void theServerAcceptsEveryDocumentedVariant() throws Exception {
        String jobs = KubernetesManifestsTest.jobs()
                .flatMap(job -> Sets.powerSet(Set.of("disk", "machine", "room")).stream()
                        .map(patches -> variant(job, patches).toString()))
                .collect(joining("\n---\n"));

        KubernetesServer.Answer answer = dryRun(Files.readString(Path.of("../k8s/common.yaml")) + "\n---\n" + jobs);

        assertThat(answer.errors()).isEmpty();
        assertThat(answer.exit()).isZero();
        assertThat(answer.output().lines()).hasSize(2 + 2 * 8).allMatch(line -> line.endsWith("(server dry run)"));
    }

    /** Without these refusals, acceptance would prove nothing. The types of the Java client accept the last four. */
    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backoffLimit: 3                    | backOffLimit: 3                  | backOffLimit
            sizeLimit: 2Gi                     | sizeLimit: two                   | quantities
            timeZone: Asia/Tokyo               | timeZone: Asia/Tokio             | timeZone
            schedule: "15 3 * * *"             | schedule: "15 33 * * *"          | schedule
            restartPolicy: Never               | restartPolicy: Always            | restartPolicy
            concurrencyPolicy: Forbid          | concurrencyPolicy: Never         | concurrencyPolicy
            """)
    void theServerRefusesAMistake(String before, String after, String words) throws Exception {
        String manifest = Files.readString(Path.of("../k8s/predict.yaml"));
        assertThat(manifest).contains(before);

        KubernetesServer.Answer answer = dryRun(manifest.replace(before, after));

        assertThat(answer.exit()).isNotZero();
        assertThat(answer.errors()).contains(words);
    }

    /** Not a dry run: the objects are there afterwards, as a reader of the pages has them. */
    @Test
    void theCommandsOfThePagesMakeTheJobs(@TempDir Path folder) throws Exception {
        new RecordedCommands(folder).inCluster(server.program(), server.configuration());

        JsonNode onGoogleCloud = object("default", "cronjob", "predict");
        JsonNode container = onGoogleCloud.at("/spec/jobTemplate/spec/template/spec/containers/0");
        assertThat(container.path("image").asString())
                .isEqualTo("europe-west1-docker.pkg.dev/receipts-prod/modelbatch/modelbatch:1");
        assertThat(container.path("env").toString()).contains("MODELBATCH_GCP_PROJECT", "receipts-prod");
        assertThat(onGoogleCloud.toString()).contains("standard-rwo").doesNotContain("persistentVolumeClaim");
        assertThat(object("default", "serviceaccount", "modelbatch")
                        .at("/metadata/annotations/iam.gke.io~1gcp-service-account")
                        .asString())
                .isEqualTo("modelbatch@receipts-prod.iam.gserviceaccount.com");
        assertThat(object("default", "configmap", "modelbatch-jobs")
                        .path("data")
                        .propertyNames())
                .contains("predict.yaml", "train.yaml");
        assertThat(object("default", "secret", "modelbatch-repository")
                        .path("data")
                        .propertyNames())
                .containsExactlyInAnyOrder("url", "username", "password");

        JsonNode withGpu = object("scheduling", "cronjob", "predict");
        assertThat(withGpu.at("/spec/suspend").asBoolean()).isTrue();
        assertThat(withGpu.at("/spec/jobTemplate/spec/template/spec/containers/0/resources/limits")
                        .toString())
                .contains("nvidia.com/gpu");
        assertThat(object("scheduling", "job", "predict-20260331")
                        .at("/spec/template/spec/containers/0/args")
                        .toString())
                .isEqualTo("[\"job=predict\",\"date=2026-03-31\"]");
    }

    private static KubernetesServer.Answer dryRun(String manifest) throws IOException, InterruptedException {
        return server.kubectl(manifest, "apply", "--dry-run=server", "--validate=strict", "-f", "-");
    }

    private static JsonNode object(String namespace, String kind, String name)
            throws IOException, InterruptedException {
        return JsonMapper.shared()
                .readTree(server.kubectl("", "get", kind, name, "--namespace=" + namespace, "-o", "json")
                        .output());
    }

    private static JsonNode variant(String job, Set<String> patches) {
        try {
            return KubernetesManifestsTest.variant(job, patches);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
