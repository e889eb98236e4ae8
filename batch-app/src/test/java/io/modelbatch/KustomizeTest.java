package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** The overlays of all kinds of jobs, as kustomize puts them together. */
class KustomizeTest {
    private static final Map<String, StrictType> TYPES = Map.of(
            "CronJob", V1CronJob::validateJsonElement,
            "ConfigMap", V1ConfigMap::validateJsonElement,
            "ServiceAccount", V1ServiceAccount::validateJsonElement,
            "NetworkPolicy", V1NetworkPolicy::validateJsonElement,
            "PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
            "PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement);
    /** KubernetesServerTest holds these against the schema of KEDA. */
    private static final Set<String> OF_KEDA = Set.of("ScaledJob", "TriggerAuthentication");

    @TempDir
    private Path folder;

    /** Refuses a field that Kubernetes does not know. */
    @FunctionalInterface
    private interface StrictType {
        void validate(JsonElement json) throws java.io.IOException;
    }

    @BeforeAll
    static void kustomizeIsThere() {
        InstalledPrograms.assumeInstalled("kustomize");
    }

    static Stream<ManifestVariant> variants() {
        return ManifestVariant.all();
    }

    @ParameterizedTest
    @MethodSource("variants")
    void everyOverlayKeepsTheRules(ManifestVariant variant) throws Exception {
        RenderedJob rendered = variant.render(folder);
        for (String overlay : List.of("local", "gke")) {
            List<JsonNode> objects = rendered.objects(overlay);
            List<PodManifest> pods = PodManifest.in(objects);
            SoftAssertions all = new SoftAssertions();

            for (JsonNode object : objects) {
                String kind = object.path("kind").asString();
                if (!OF_KEDA.contains(kind)) {
                    assertThat(TYPES).containsKey(kind);
                    assertThatCode(() -> TYPES.get(kind).validate(JsonParser.parseString(object.toString())))
                            .doesNotThrowAnyException();
                }
            }
            pods.forEach(pod -> all.assertThat(pod.name())
                    .as("it makes Jobs, whose names have at most 63 characters")
                    .hasSizeLessThanOrEqualTo(52));
            all.assertThat(pods).isNotEmpty();
            pods.forEach(pod -> pod.check(all, objects));
            pods.forEach(pod ->
                    all.assertThat(pod.container().path("image").asString()).isEqualTo(RenderedJob.IMAGE));
            all.assertAll();
        }
    }

    @Test
    void aJobInOneProcessIsOneCronJob() throws Exception {
        assertThat(pods("one process", "local")).hasSize(1);
        assertThat(variant("one process").render(folder).objects("local"))
                .extracting(object -> object.path("kind").asString())
                .containsExactlyInAnyOrder(
                        "CronJob",
                        "ConfigMap",
                        "ConfigMap",
                        "ServiceAccount",
                        "NetworkPolicy",
                        "PersistentVolumeClaim");
    }

    @Test
    void aGpuAndASpotMachineAreAskedForOnGke() throws Exception {
        PodManifest pod = pods("GPUs on Spot machines", "gke").get(0);

        assertThat(pod.limits())
                .containsEntry("nvidia.com/gpu", "2")
                .containsEntry("cpu", "8")
                .containsEntry("memory", "32Gi");
        assertThat(pod.template().at("/spec/nodeSelector").toString())
                .isEqualTo(
                        "{\"cloud.google.com/gke-accelerator\":\"nvidia-l4\",\"cloud.google.com/gke-spot\":\"true\"}");
        assertThat(pod.template().at("/spec/tolerations").findValuesAsString("key"))
                .containsExactly("nvidia.com/gpu", "cloud.google.com/gke-spot");
        assertThat(pod.container().path("env").toString()).contains("LD_LIBRARY_PATH");
        assertThat(pods("GPUs on Spot machines", "local")
                        .get(0)
                        .template()
                        .at("/spec/nodeSelector")
                        .isMissingNode())
                .isTrue();
    }

    /** The machine of the manager stays, and computes nothing that a GPU is for. */
    @Test
    void theManagerOfWorkersWithGpusNeedsNone() throws Exception {
        List<PodManifest> pods = pods("workers with GPUs, and others instead", "gke");
        PodManifest manager = pod(pods, "fleet");
        PodManifest workers = pod(pods, "fleet-workers");
        PodManifest onDemand = pod(pods, "fleet-on-demand");

        assertThat(manager.arguments()).containsExactly("job=fleet", "--modelbatch.workers=remote");
        assertThat(manager.limits()).doesNotContainKey("nvidia.com/gpu");
        assertThat(manager.template().path("spec").has("nodeSelector")).isFalse();
        assertThat(workers.arguments()).containsExactly("worker", "--idle=5m", "--partitions=2", "--spot");
        assertThat(workers.template().at("/spec/nodeSelector").propertyNames())
                .contains("cloud.google.com/gke-spot", "cloud.google.com/gke-accelerator");
        assertThat(onDemand.arguments()).containsExactly("worker", "--idle=5m", "--partitions=2");
        assertThat(onDemand.template().at("/spec/nodeSelector").propertyNames())
                .containsExactly("cloud.google.com/gke-accelerator");
        assertThat(query(workers)).endsWith("JOB_NAME = 'fleet' and ON_DEMAND = 'N'");
        assertThat(query(onDemand)).endsWith("JOB_NAME = 'fleet' and ON_DEMAND = 'Y'");
    }

    @Test
    void aManagerThatComputesKeepsItsMachine() throws Exception {
        PodManifest trains = pod(pods("a manager that trains", "gke"), "trains");

        assertThat(trains.arguments()).containsExactly("job=trains", "--modelbatch.workers=both");
        assertThat(trains.limits()).containsEntry("nvidia.com/gpu", "2");
        assertThat(trains.template().at("/spec/nodeSelector").propertyNames())
                .containsExactly("cloud.google.com/gke-accelerator");
    }

    /**
     * KEDA's default strategy makes as many Jobs as the query says, less those that have not ended. Another strategy counts Jobs whose pods
     * wait for a machine, or workers that have no partition yet, differently.
     */
    @Test
    void workersAreScaledByAllPartitionsLessAllJobs() throws Exception {
        for (PodManifest pod : pods("workers with GPUs, and others instead", "gke")) {
            if (pod.owner().path("kind").asString().equals("ScaledJob")) {
                assertThat(query(pod))
                        .startsWith("select coalesce(sum(WAITING + EXECUTING), 0) from MODELBATCH_QUEUE where ");
                assertThat(pod.owner().at("/spec/scalingStrategy").toString()).isEqualTo("{\"strategy\":\"default\"}");
                assertThat(pod.owner().at("/spec/rollout/strategy").asString()).isEqualTo("gradual");
                assertThat(pod.arguments())
                        .contains("--partitions="
                                + pod.owner()
                                        .at("/spec/triggers/0/metadata/targetQueryValue")
                                        .asString());
                assertThat(pod.owner().at("/spec/maxReplicaCount").asInt()).isEqualTo(100);
                assertThat(pod.owner().at("/spec/jobTargetRef/podFailurePolicy").toString())
                        .contains("DisruptionTarget")
                        .doesNotContain("FailJob");
            }
        }
    }

    @Test
    void workersWithoutKedaStartWithTheJob() throws Exception {
        PodManifest workers = pod(pods("workers without KEDA", "gke"), "indexed-workers");

        assertThat(workers.owner().path("kind").asString()).isEqualTo("CronJob");
        assertThat(workers.arguments())
                .as("two partitions for each of two GPUs; nothing would start others in place of Spot workers")
                .containsExactly("worker", "--idle=15m", "--partitions=4");
        assertThat(workers.owner().at("/spec/schedule").asString()).isEqualTo("15 3 * * *");
        assertThat(workers.owner().at("/spec/concurrencyPolicy").asString()).isEqualTo("Forbid");
        JsonNode job = workers.owner().at("/spec/jobTemplate/spec");
        assertThat(job.path("completionMode").asString()).isEqualTo("Indexed");
        assertThat(job.path("completions").asInt()).isEqualTo(8);
        assertThat(job.path("parallelism").asInt()).isEqualTo(8);
        assertThat(pod(pods("workers by hand without KEDA", "gke"), "indexed-by-hand-workers")
                        .owner()
                        .at("/spec/suspend")
                        .asBoolean())
                .isTrue();
    }

    @Test
    void aMountedBucketIsAVolumeAndAnArgument() throws Exception {
        PodManifest pod = pods("a mounted bucket", "gke").get(0);

        assertThat(pod.arguments()).containsExactly("job=mounted", "--modelbatch.gcp.mounts.my.bucket=/mnt/my.bucket");
        assertThat(pod.template().path("spec").findValuesAsString("bucketName")).containsExactly("my.bucket");
        assertThat(pod.container().path("volumeMounts").findValuesAsString("mountPath"))
                .contains("/mnt/my.bucket");
        assertThat(pods("a mounted bucket", "local").get(0).arguments()).containsExactly("job=mounted");
    }

    private static String query(PodManifest pod) {
        return pod.owner().at("/spec/triggers/0/metadata/query").asString();
    }

    private List<PodManifest> pods(String title, String overlay) throws Exception {
        return PodManifest.in(
                variant(title).render(folder.resolve(title + overlay)).objects(overlay));
    }

    private static PodManifest pod(List<PodManifest> pods, String name) {
        return pods.stream().filter(pod -> pod.name().equals(name)).findFirst().orElseThrow();
    }

    private static ManifestVariant variant(String title) {
        return variants()
                .filter(variant -> variant.title().equals(title))
                .findFirst()
                .orElseThrow();
    }
}
