package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.launch.BuiltInStepTypes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The manifests in k8s/: they are what the verb k8s writes, Kubernetes knows their words, and they say what a job of ours needs. */
class KubernetesManifestsTest {
    private static final Path FOLDER = Path.of("../k8s");
    private static final JobFiles JOBS = new JobFiles(Path.of("../job-configs"));

    @Test
    void everyJobHasItsManifestsAndAllManifestsAreOfAJob() throws IOException {
        try (Stream<Path> folders = Files.list(FOLDER)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(jobs().toList());
        }
    }

    /** With {@code -Dwrite-manifests=true} it writes them. */
    @ParameterizedTest
    @MethodSource("jobs")
    void theManifestsAreWhatTheVerbWrites(String job, @TempDir Path folder) {
        Path place = Boolean.getBoolean("write-manifests") ? FOLDER.resolve(job) : folder;
        RenderedJob rendered = RenderedJob.of(JOBS.folder(), job, place, "--image=" + RenderedJob.IMAGE);

        assertThat(new RenderedJob(FOLDER.resolve(job)).files()).containsExactlyEntriesOf(rendered.files());
    }

    @ParameterizedTest
    @MethodSource("jobs")
    void saysWhatAJobNeeds(String job) {
        assertThatCode(() -> check(job, read(job))).doesNotThrowAnyException();
    }

    @ParameterizedTest(name = "{0} becomes {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            backoffLimit: 3                    | backOffLimit: 3                          | backOffLimit
            backoffLimit: 3                    | backoffLimit: three                      | three
            restartPolicy: Never               | restartPolicy: OnFailure                 | restartPolicy
            terminationGracePeriodSeconds: 15  | terminationGracePeriodSeconds: 30        | terminationGracePeriodSeconds
            concurrencyPolicy: Forbid          | concurrencyPolicy: Allow                 | concurrencyPolicy
            startingDeadlineSeconds: 3600      | startingDeadlineSeconds: 9               | startingDeadlineSeconds
            activeDeadlineSeconds: 43200       | activeDeadlineSeconds: 72000             | the latest end
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
            memory: 4Gi                        | memory: 8Gi                              | requests
            sizeLimit: 2Gi                     | sizeLimit: 3Gi                           | emptyDirs
            ephemeral-storage: 10Gi            | ephemeral-storage: 11Gi                  | requests
            args: [job=predict]                | args: [job=train]                        | args
            name: predict                      | name: nightly                            | /metadata/name
            mountPath: /cache                  | mountPath: /var/cache                    | volumeMounts
            name: predict-settings             | name: settings                           | envFrom
            optional: true                     | optional: false                          | envFrom
            key: password                      | key: url                                 | env
            name: predict-job-file             | name: other                              | volumes
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
            return Files.readString(FOLDER.resolve(name + "/base/cronjob.yaml"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
