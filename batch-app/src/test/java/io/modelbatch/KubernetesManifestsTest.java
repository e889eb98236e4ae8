package io.modelbatch;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.Sets;
import com.google.gson.JsonParser;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1ServiceAccount;
import io.kubernetes.client.util.Yaml;
import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.launch.BuiltInStepTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The manifests in k8s/: Kubernetes knows their words, and they say what a job of ours needs. */
class KubernetesManifestsTest {
    private static final Path FOLDER = Path.of("../k8s");
    private static final JobFiles JOBS = new JobFiles(Path.of("../job-configs"));
    private static final String COMMON = "common";
    private static final String VOLUMES = "/spec/jobTemplate/spec/template/spec/volumes";

    @Test
    void everyJobHasItsManifestAndEveryManifestItsJob() throws IOException {
        try (Stream<Path> files = Files.list(FOLDER)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(jobs(), Stream.of(COMMON))
                            .map(name -> name + ".yaml")
                            .toList());
        }
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void saysWhatAJobNeeds(String job) {
        assertThatCode(() -> check(job, read(job))).doesNotThrowAnyException();
    }

    @Test
    void theAccountAndTheVolumeThatTheJobsNameAreThere() throws IOException {
        String yaml = read(COMMON);
        List<Object> objects = Yaml.loadAll(yaml);

        assertThat(objects).hasSize(2).hasExactlyElementsOfTypes(V1ServiceAccount.class, V1PersistentVolumeClaim.class);
        assertThat(objects)
                .extracting(object -> ((KubernetesObject) object).getMetadata().getName())
                .containsExactly("modelbatch", "modelbatch-data");
        String[] documents = yaml.split("\n---\n");
        V1ServiceAccount.validateJsonElement(JsonParser.parseString(
                CronJobManifest.parse(documents[0]).root().toString()));
        V1PersistentVolumeClaim.validateJsonElement(JsonParser.parseString(
                CronJobManifest.parse(documents[1]).root().toString()));
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backoffLimit: 3                    | backOffLimit: 3                          | backOffLimit
            backoffLimit: 3                    | backoffLimit: three                      | three
            restartPolicy: Never               | restartPolicy: OnFailure                 | restartPolicy
            terminationGracePeriodSeconds: 15  | terminationGracePeriodSeconds: 30        | terminationGracePeriodSeconds
            concurrencyPolicy: Forbid          | concurrencyPolicy: Allow                 | concurrencyPolicy
            startingDeadlineSeconds: 3600      | startingDeadlineSeconds: 9               | startingDeadlineSeconds
            activeDeadlineSeconds: 14400       | activeDeadlineSeconds: 72000             | the latest end
            timeZone: Asia/Tokyo               | timeZone: Etc/UTC                        | timeZone
            schedule: "15 3 * * *"             | schedule: "15 4 * * *"                   | schedule
            podReplacementPolicy: Failed       | podReplacementPolicy: TerminatingOrFailed | podReplacementPolicy
            values: [2, 3]                     | values: [2, 3, 5]                        | podFailurePolicy
            values: [2, 3]                     | values: [1, 2, 3]                        | podFailurePolicy
            values: [2, 3]                     | values: [2]                              | podFailurePolicy
            operator: In                       | operator: NotIn                          | podFailurePolicy
            action: FailJob                    | action: Count                            | podFailurePolicy
            action: Ignore                     | action: FailJob                          | podFailurePolicy
            containerName: batch               | containerName: main                      | podFailurePolicy
            runAsNonRoot: true                 | runAsNonRoot: false                      | securityContext
            runAsUser: 10001                   | runAsUser: 0                             | securityContext
            RuntimeDefault                     | Unconfined                               | securityContext
            drop: [ALL]                        | drop: [NET_RAW]                          | securityContext
            allowPrivilegeEscalation: false    | allowPrivilegeEscalation: true           | securityContext
            readOnlyRootFilesystem: true       | readOnlyRootFilesystem: false            | securityContext
            requests: { cpu: "2", memory: 4Gi, | requests: { cpu: "2", memory: 8Gi,       | requests
            sizeLimit: 2Gi                     | sizeLimit: 3Gi                           | emptyDirs
            ephemeral-storage: 10Gi            | ephemeral-storage: 11Gi                  | requests
            job=predict                        | job=train                                | args
            name: predict                      | name: nightly                            | /metadata/name
            value: /cache                      | value: /var/cache                        | env
            key: password                      | key: url                                 | env
            claimName: modelbatch-data         | claimName: other                         | volumes
            """)
    void aChangedManifestIsRefused(String before, String after, String words) {
        String yaml = read("predict");

        assertThat(yaml).contains(before);
        assertThatThrownBy(() -> check("predict", yaml.replaceFirst(Pattern.quote(before), after)))
                .hasMessageContaining(words);
    }

    static Stream<Arguments> everyValue() {
        return jobs().flatMap(job ->
                IntStream.range(0, values(manifest(job)).size()).mapToObj(index -> Arguments.of(job, index)));
    }

    /** Nothing is in a manifest by chance: without any one of its values it is refused. */
    @ParameterizedTest
    @MethodSource("everyValue")
    void aManifestWithoutOneOfItsValuesIsRefused(String job, int index) {
        JsonNode manifest = manifest(job);
        Value value = values(manifest).get(index);
        value.remove();

        assertThatThrownBy(() -> new CronJobManifest(manifest).check(JOBS.parse(job, BuiltInStepTypes.all())))
                .as("without " + value)
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theJobFilesScheduleAndResourcesAreHeldAgainstTheManifest(@TempDir Path folder) throws IOException {
        String job = Files.readString(JOBS.folder().resolve("predict.yaml"));
        JobFiles changed = new JobFiles(folder);

        Files.writeString(folder.resolve("predict.yaml"), job + "resources: { cpu: 2.0, memory: 4Gi }\n");
        assertThatCode(() -> parsed("predict").check(changed.parse("predict", BuiltInStepTypes.all())))
                .doesNotThrowAnyException();

        Files.writeString(folder.resolve("predict.yaml"), job + "resources: { cpu: 4, memory: 16Gi }\n");
        assertThatThrownBy(() -> parsed("predict").check(changed.parse("predict", BuiltInStepTypes.all())))
                .hasMessageContainingAll("cpu", "memory");

        Files.writeString(folder.resolve("predict.yaml"), job.replaceFirst("(?m)^schedule:.*\n", ""));
        assertThatThrownBy(() -> parsed("predict").check(changed.parse("predict", BuiltInStepTypes.all())))
                .hasMessageContaining("schedule of the job file");
    }

    /** The manifests of docs/scheduling.md for a job that needs a GPU and a Spot machine. */
    @Test
    void aGpuAndASpotMachineAreRequestedByTheDocumentedPatch(@TempDir Path folder) throws IOException {
        String job = Files.readString(JOBS.folder().resolve("predict.yaml"));
        JobFiles changed = new JobFiles(folder);
        Files.writeString(
                folder.resolve("predict.yaml"),
                job + "resources: { cpu: 4, memory: 16Gi, gpu: { type: nvidia-l4, count: 1 }, spot: true }\n");
        JsonNode patched = merged(manifest("predict"), patch("machine"));

        assertThatThrownBy(() -> parsed("predict").check(changed.parse("predict", BuiltInStepTypes.all())))
                .hasMessageContainingAll(
                        "nodeSelector", "tolerations", "nvidia.com", "LD_LIBRARY_PATH", "cpu", "memory");
        assertThatCode(() -> new CronJobManifest(patched).check(changed.parse("predict", BuiltInStepTypes.all())))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> new CronJobManifest(patched).check(JOBS.parse("predict", BuiltInStepTypes.all())))
                .hasMessageContainingAll("nodeSelector", "tolerations", "nvidia.com", "LD_LIBRARY_PATH");
    }

    static Stream<Arguments> everyVariant() {
        return jobs().flatMap(job ->
                Sets.powerSet(Set.of("disk", "machine", "room")).stream().map(patches -> Arguments.of(job, patches)));
    }

    /** A manifest with patches of the docs. */
    static JsonNode variant(String job, Set<String> patches) throws IOException {
        JsonNode patched = manifest(job);
        for (String patch : patches) {
            merged(patched, patch(patch));
        }
        return patched;
    }

    /** The patches of the docs, in every combination: Kubernetes knows the fields, and each volume stays one volume of one kind. */
    @ParameterizedTest(name = "{0} with {1}")
    @MethodSource("everyVariant")
    void everyDocumentedVariantIsAManifest(String job, Set<String> patches) throws IOException {
        JsonNode patched = variant(job, patches);

        assertThatCode(() -> V1CronJob.validateJsonElement(JsonParser.parseString(patched.toString())))
                .doesNotThrowAnyException();
        Map<String, Set<String>> kinds = patched.at(VOLUMES)
                .valueStream()
                .collect(toMap(
                        volume -> volume.path("name").asString(),
                        volume -> Sets.difference(Set.copyOf(volume.propertyNames()), Set.of("name"))));
        assertThat(kinds)
                .containsOnly(
                        Map.entry("jobs", Set.of("configMap")),
                        Map.entry("cache", Set.of("emptyDir")),
                        Map.entry("data", Set.of(patches.contains("disk") ? "ephemeral" : "persistentVolumeClaim")),
                        Map.entry("tmp", Set.of(patches.contains("room") ? "ephemeral" : "emptyDir")));
    }

    /** So that the variants above are those of `kubectl patch`. */
    @ParameterizedTest
    @ValueSource(strings = {"disk", "machine", "room"})
    void kubectlMergesAPatchAsThisTestDoes(String patch, @TempDir Path folder) throws Exception {
        InstalledPrograms.assumeInstalled("kubectl");
        Path file = Files.writeString(folder.resolve("patch.json"), patch(patch).toString());
        String printed = InstalledPrograms.output(List.of(
                "kubectl", "patch", "--local", "-f", "../k8s/train.yaml", "--patch-file=" + file, "-o", "json"));

        assertThat(Yaml.loadAs(printed, V1CronJob.class))
                .usingRecursiveComparison()
                .ignoringCollectionOrder()
                .ignoringFields("status")
                .ignoringFieldsMatchingRegexes(".*creationTimestamp")
                .isEqualTo(Yaml.loadAs(merged(manifest("train"), patch(patch)).toString(), V1CronJob.class));
    }

    /** The patch that a page of the docs calls `NAME.yaml`. */
    private static JsonNode patch(String name) throws IOException {
        return CronJobManifest.parse(DocumentedCommands.files().get(name + ".yaml"))
                .root();
    }

    /** As `kubectl patch` merges: groups by key, members of lists by name, and null removes. */
    private static JsonNode merged(JsonNode manifest, JsonNode patch) {
        for (String name : patch.propertyNames()) {
            JsonNode before = manifest.path(name);
            JsonNode after = patch.path(name);
            if (after.isNull()) {
                ((ObjectNode) manifest).remove(name);
            } else if (before.isObject()) {
                merged(before, after);
            } else if (before.isArray()) {
                after.forEach(member ->
                        merged(named((ArrayNode) before, member.path("name").asString()), member));
            } else {
                ((ObjectNode) manifest).set(name, after);
            }
        }
        return manifest;
    }

    /** The member of that name, which may be a new one. */
    private static JsonNode named(ArrayNode list, String name) {
        return list.valueStream()
                .filter(member -> member.path("name").asString().equals(name))
                .findFirst()
                .orElseGet(list::addObject);
    }

    static Stream<String> jobs() {
        return JOBS.names().stream()
                .filter(name -> JOBS.parse(name, BuiltInStepTypes.all()).schedule() != null);
    }

    /** A value that is not a group or list, where it stands. */
    private record Value(JsonNode parent, Object key) {
        void remove() {
            if (parent instanceof ObjectNode object) {
                object.remove((String) key);
            } else {
                ((ArrayNode) parent).remove((int) key);
            }
        }

        @Override
        public String toString() {
            return key + " of " + parent;
        }
    }

    private static List<Value> values(JsonNode node) {
        Stream<Value> children = node.isObject()
                ? node.propertyNames().stream().map(name -> new Value(node, name))
                : IntStream.range(0, node.size()).mapToObj(index -> new Value(node, index));
        return children.flatMap(child -> {
                    JsonNode value =
                            child.key() instanceof String name ? node.path(name) : node.path((Integer) child.key());
                    return value.isContainer() ? values(value).stream() : Stream.of(child);
                })
                .toList();
    }

    private static void check(String job, String yaml) {
        CronJobManifest.parse(yaml).check(JOBS.parse(job, BuiltInStepTypes.all()));
    }

    private static CronJobManifest parsed(String job) {
        return CronJobManifest.parse(read(job));
    }

    /** A copy that may be changed. */
    private static JsonNode manifest(String job) {
        return JsonMapper.shared().readTree(parsed(job).root().toString());
    }

    private static String read(String name) {
        try {
            return Files.readString(FOLDER.resolve(name + ".yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
