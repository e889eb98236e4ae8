package io.modelbatch;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
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
        List<Path> keda = List.of(
                InstalledPrograms.assumeThere("keda/keda.sh_scaledjobs.yaml"),
                InstalledPrograms.assumeThere("keda/keda.sh_triggerauthentications.yaml"));
        server = KubernetesServer.start(folder);
        for (Path definition : keda) {
            String file = definition.toString();
            assertThat(server.kubectl("", "create", "-f", file).errors()).isEmpty();
            awaitEstablished(file);
        }
    }

    /** {@code kubectl wait} refuses a definition that has no conditions yet. */
    private static void awaitEstablished(String definition) throws Exception {
        long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        String errors;
        do {
            errors = server.kubectl("", "wait", "--for=condition=Established", "--timeout=60s", "-f", definition)
                    .errors();
        } while (errors.contains(".status.conditions accessor error") && System.nanoTime() < end);
        assertThat(errors).isEmpty();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** All kinds of jobs: objects of Kubernetes and, by the schema of its release, of KEDA. */
    @Test
    void theServerAcceptsEveryOverlay(@TempDir Path folder) throws Exception {
        List<String> overlays = new ArrayList<>();
        for (ManifestVariant variant : ManifestVariant.all().toList()) {
            RenderedJob rendered = variant.render(folder.resolve(variant.title()));
            overlays.add(rendered.built("local"));
            overlays.add(rendered.built("gke"));
        }

        KubernetesServer.Answer answer = dryRun(String.join("\n---\n", overlays));

        assertThat(answer.errors()).isEmpty();
        assertThat(answer.exit()).isZero();
        assertThat(answer.output().lines())
                .hasSizeGreaterThan(6 * overlays.size())
                .allMatch(line -> line.endsWith("(server dry run)"));
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
            action: FailJob                    | action: Fail                     | action
            values: [2, 3]                     | values: [0, 2]                   | values
            """)
    void theServerRefusesAMistake(String before, String after, String words) throws Exception {
        String manifest = Files.readString(Path.of("../k8s/predict/base/cronjob.yaml"));
        assertThat(manifest).contains(before);

        KubernetesServer.Answer answer = dryRun(manifest.replace(before, after));

        assertThat(answer.exit()).isNotZero();
        assertThat(answer.errors()).contains(words);
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            maxReplicaCount: 100   | maxReplicas: 100        | maxReplicas
            strategy: default      | strategie: default      | strategie
            backoffLimit: 6        | backOffLimit: 6         | backOffLimit
            terminationGracePeriodSeconds: 15 | graceSeconds: 15 | graceSeconds
            parameter: host        | parametre: host         | parametre
            """)
    void theServerRefusesAMistakeInAnObjectOfKeda(String before, String after, String words, @TempDir Path folder)
            throws Exception {
        ManifestVariant fleet = ManifestVariant.all()
                .filter(variant -> variant.job().equals("fleet"))
                .findFirst()
                .orElseThrow();
        RenderedJob rendered = fleet.render(folder);
        String objects = rendered.files().entrySet().stream()
                .filter(file -> file.getKey().matches("components/keda-workers/[tw].*"))
                .map(Map.Entry::getValue)
                .collect(joining("\n---\n"));
        assertThat(objects).contains(before);

        KubernetesServer.Answer answer = dryRun(objects.replace(before, after));

        assertThat(answer.exit()).isNotZero();
        assertThat(answer.errors()).contains(words);
    }

    /** Not a dry run: the objects are there afterwards, as a reader of the pages has them. */
    @Test
    void theCommandsOfThePagesMakeTheJobs(@TempDir Path folder) throws Exception {
        new RecordedCommands(folder).inCluster(server.program(), server.configuration());

        JsonNode onGoogleCloud = object("default", "cronjob", "predict");
        assertThat(onGoogleCloud
                        .at("/spec/jobTemplate/spec/template/spec/containers/0/image")
                        .asString())
                .isEqualTo(RenderedJob.IMAGE);
        assertThat(onGoogleCloud.toString()).contains("standard-rwo").doesNotContain("persistentVolumeClaim");
        assertThat(object("default", "configmap", "predict-settings")
                        .path("data")
                        .toString())
                .contains("MODELBATCH_GCP_PROJECT", "receipts-prod");
        assertThat(object("default", "serviceaccount", "train")
                        .at("/metadata/annotations/iam.gke.io~1gcp-service-account")
                        .asString())
                .isEqualTo("modelbatch@receipts-prod.iam.gserviceaccount.com");
        assertThat(object("default", "secret", "modelbatch-repository")
                        .path("data")
                        .propertyNames())
                .containsExactlyInAnyOrder("url", "username", "password", "host", "database");

        JsonNode workers = object("kubernetes", "scaledjob", "predict-workers");
        assertThat(workers.at("/spec/maxReplicaCount").asInt()).isEqualTo(8);
        assertThat(workers.at("/spec/jobTargetRef/template/spec/containers/0/image")
                        .asString())
                .isEqualTo("europe-west1-docker.pkg.dev/receipts-prod/modelbatch/modelbatch-gpu:1");
        assertThat(object("kubernetes", "scaledjob", "predict-on-demand")
                        .path("kind")
                        .asString())
                .isEqualTo("ScaledJob");
        JsonNode withMoreRoom = object("kubernetes", "cronjob", "predict");
        assertThat(withMoreRoom
                        .at("/spec/jobTemplate/spec/template/spec/volumes")
                        .toString())
                .contains("100Gi");
        assertThat(object("kubernetes", "job", "predict-20260331")
                        .at("/spec/template/spec/containers/0/args")
                        .toString())
                .isEqualTo("[\"job=predict\",\"--modelbatch.workers=remote\",\"date=2026-03-31\"]");
        assertThat(object("kubernetes", "job", "predict-check")
                        .at("/spec/template/spec/containers/0/args")
                        .toString())
                .isEqualTo("[\"check\",\"job=predict\",\"--modelbatch.workers=remote\"]");

        String overlay = folder.resolve("k8s/predict/overlays/gke").toString();
        assertThat(server.kubectl("", "delete", "-k", overlay, "--namespace=default", "--ignore-not-found")
                        .errors())
                .isEmpty();
        assertThat(server.kubectl(
                                "",
                                "get",
                                "cronjob,configmap,serviceaccount,networkpolicy",
                                "--namespace=default",
                                "-o",
                                "name")
                        .output())
                .contains("cronjob.batch/train")
                .doesNotContain("predict");
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
}
