package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.google.gson.JsonParser;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1CronJob;
import io.kubernetes.client.util.Yaml;
import io.modelbatch.jobspec.JobFile;
import io.modelbatch.jobspec.Resources;
import io.modelbatch.jobspec.Resources.Gpu;
import io.modelbatch.jobspec.Schedule;
import io.modelbatch.run.ExitCode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A CronJob, and what ours have to say.
 *
 * @param root the manifest as it is written
 */
record CronJobManifest(JsonNode root) {
    private static final String JOB = "/spec/jobTemplate/spec";
    private static final String TEMPLATE = JOB + "/template";
    private static final String POD = TEMPLATE + "/spec";
    private static final String CONTAINER = POD + "/containers/0";
    private static final String DISK = "ephemeral-storage";
    private static final BigDecimal LOGS = bytes("1Gi");
    private static final JsonMapper JSON = JsonMapper.shared();

    static CronJobManifest parse(String yaml) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        Object tree = new org.yaml.snakeyaml.Yaml(new SafeConstructor(options)).load(yaml);
        return new CronJobManifest(JSON.valueToTree(tree));
    }

    /** Fails with everything that is wrong. */
    void check(JobFile job) {
        checkFields();
        SoftAssertions all = new SoftAssertions();
        checkSchedule(all, job);
        checkAttempts(all);
        checkPod(all, job);
        checkContainer(all, job);
        checkFolders(all, job);
        all.assertAll();
    }

    /** Kubernetes' own types refuse a field that they do not know, and a value of another type. */
    private void checkFields() {
        String json = root.toString();
        assertThatCode(() -> V1CronJob.validateJsonElement(JsonParser.parseString(json)))
                .doesNotThrowAnyException();
        assertThatCode(() -> assertThat(Yaml.loadAll(json)).hasSize(1).allMatch(V1CronJob.class::isInstance))
                .doesNotThrowAnyException();
    }

    private void checkSchedule(SoftAssertions all, JobFile job) {
        Schedule schedule = job.schedule();
        assertThat(schedule).as("schedule of the job file").isNotNull();
        equal(all, "/apiVersion", "batch/v1");
        equal(all, "/kind", "CronJob");
        equal(all, "/metadata/name", job.name());
        all.assertThat(job.name()).hasSizeLessThanOrEqualTo(52);
        equal(all, "/metadata/labels", labels(job));
        equal(all, TEMPLATE + "/metadata/labels", labels(job));
        equal(all, "/spec/schedule", schedule.cron());
        equal(all, "/spec/timeZone", schedule.zone().toString());
        equal(all, "/spec/concurrencyPolicy", "Forbid");
        between(all, "/spec/startingDeadlineSeconds", 60, Duration.ofDays(1).toSeconds());
        all.assertThat(latestEnd(schedule))
                .as("the latest end, since midnight: the last attempt must mean the same yesterday as the first")
                .isLessThan(Duration.ofDays(1));
    }

    private Duration latestEnd(Schedule schedule) {
        String[] cron = schedule.cron().split(" +");
        return Duration.ofHours(Long.parseLong(cron[1]))
                .plusMinutes(Long.parseLong(cron[0]))
                .plusSeconds(root.at("/spec/startingDeadlineSeconds").asLong(0))
                .plusSeconds(root.at(JOB + "/activeDeadlineSeconds").asLong(0));
    }

    private void checkAttempts(SoftAssertions all) {
        between(all, JOB + "/backoffLimit", 2, 6); // waits of 10 and 20 s: more than a dead pod holds its run
        between(all, JOB + "/activeDeadlineSeconds", 600, Duration.ofDays(1).toSeconds());
        between(
                all,
                JOB + "/ttlSecondsAfterFinished",
                86_400,
                Duration.ofDays(30).toSeconds());
        equal(all, JOB + "/podReplacementPolicy", "Failed");
        List<Integer> forGood = Stream.of(ExitCode.values())
                .filter(CronJobManifest::isForGood)
                .map(ExitCode::code)
                .toList();
        Object taken = Map.of(
                "action", "Ignore", "onPodConditions", List.of(Map.of("type", "DisruptionTarget", "status", "True")));
        Object failed = Map.of(
                "action",
                "FailJob",
                "onExitCodes",
                Map.of("containerName", "batch", "operator", "In", "values", forGood));
        equal(all, JOB + "/podFailurePolicy", Map.of("rules", List.of(taken, failed)));
    }

    /** True if another attempt of the same command is in vain. A new exit code has to be put on one side. */
    private static boolean isForGood(ExitCode exit) {
        return switch (exit) {
            case USAGE, FAILED_FOR_GOOD -> true;
            case COMPLETED, FAILED, STOPPED, HELD -> false;
        };
    }

    private void checkPod(SoftAssertions all, JobFile job) {
        equal(all, POD + "/restartPolicy", "Never");
        equal(all, POD + "/terminationGracePeriodSeconds", 15);
        equal(all, POD + "/serviceAccountName", job.name());
        equal(all, POD + "/automountServiceAccountToken", false);
        Object security = Map.of(
                "runAsNonRoot",
                true,
                "runAsUser",
                10001,
                "runAsGroup",
                10001,
                "fsGroup",
                10001,
                "fsGroupChangePolicy",
                "OnRootMismatch",
                "seccompProfile",
                Map.of("type", "RuntimeDefault"));
        equal(all, POD + "/securityContext", security);
        all.assertThat(root.at(POD + "/containers").size()).as("containers").isEqualTo(1);
        for (String shared : List.of("hostNetwork", "hostPID", "hostIPC", "initContainers")) {
            all.assertThat(root.at(POD + "/" + shared).isMissingNode())
                    .as(shared)
                    .isTrue();
        }
        checkMachine(all, job.resources());
    }

    /** A GPU is known to each cluster that has them; labels of machines are in the overlays. */
    private void checkMachine(SoftAssertions all, @Nullable Resources wanted) {
        Gpu gpu = wanted == null ? null : wanted.gpu();
        optional(all, POD + "/nodeSelector", null);
        optional(
                all,
                POD + "/tolerations",
                gpu == null
                        ? null
                        : List.of(Map.of("key", "nvidia.com/gpu", "operator", "Exists", "effect", "NoSchedule")));
        optional(
                all, CONTAINER + "/resources/limits/nvidia.com~1gpu", gpu == null ? null : String.valueOf(gpu.count()));
    }

    private void checkContainer(SoftAssertions all, JobFile job) {
        equal(all, CONTAINER + "/name", "batch");
        equal(all, CONTAINER + "/image", "modelbatch");
        equal(all, CONTAINER + "/args", List.of("job=" + job.name()));
        Object security = Map.of(
                "allowPrivilegeEscalation",
                false,
                "readOnlyRootFilesystem",
                true,
                "capabilities",
                Map.of("drop", List.of("ALL")));
        equal(all, CONTAINER + "/securityContext", security);
        checkDisk(all);
        JsonNode limits = root.at(CONTAINER + "/resources/limits");
        all.assertThat(limits.propertyNames())
                .as("limits")
                .contains("cpu", "memory", DISK)
                .isSubsetOf("cpu", "memory", DISK, "nvidia.com/gpu");
        all.assertThat(root.at(CONTAINER + "/resources/requests"))
                .as("requests")
                .isEqualTo(limits);
        Resources wanted = job.resources();
        if (wanted != null && wanted.memory() != null) {
            equal(all, CONTAINER + "/resources/limits/memory", wanted.memory());
        }
        if (wanted != null && wanted.cpu() != null) {
            all.assertThat(new BigDecimal(text(CONTAINER + "/resources/limits/cpu")))
                    .as("cpu")
                    .isEqualByComparingTo(wanted.cpu());
        }
    }

    /**
     * The folders of a pod count against its ephemeral storage: a pod above its limit is evicted, and so is one on GKE Autopilot that
     * asks for none and writes more than 1 GiB. More than 10 GiB is refused there, of all containers of a pod together
     * (cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests).
     */
    private void checkDisk(SoftAssertions all) {
        BigDecimal limit =
                bytes(root.at(CONTAINER + "/resources/limits/" + DISK).asString("0"));
        BigDecimal folders = root.at(POD + "/volumes")
                .valueStream()
                .map(volume -> volume.path("emptyDir"))
                .filter(JsonNode::isObject)
                .map(folder -> bytes(folder.path("sizeLimit").asString("0")))
                .reduce(LOGS, BigDecimal::add);
        all.assertThat(limit)
                .as("ephemeral-storage")
                .isLessThanOrEqualTo(bytes("10Gi"))
                .as("ephemeral-storage, with the sizeLimits of all emptyDirs and a gigabyte of logs")
                .isGreaterThanOrEqualTo(folders);
    }

    private static BigDecimal bytes(String quantity) {
        return Quantity.fromString(quantity).getNumber();
    }

    /** The image cannot be written to: each folder that the application writes is a volume, and no volume is for nothing. */
    private void checkFolders(SoftAssertions all, JobFile job) {
        Set<Object> variables = new LinkedHashSet<>();
        for (String key : List.of("url", "username", "password")) {
            Object secret = Map.of("secretKeyRef", Map.of("name", "modelbatch-repository", "key", key));
            variables.add(Map.of("name", "SPRING_DATASOURCE_" + key.toUpperCase(Locale.ROOT), "valueFrom", secret));
        }
        sameMembers(all, CONTAINER + "/env", variables);
        sameMembers(
                all,
                CONTAINER + "/envFrom",
                Set.of(
                        Map.of("configMapRef", Map.of("name", job.name() + "-settings")),
                        Map.of("secretRef", Map.of("name", job.name() + "-secrets", "optional", true))));
        sameMembers(
                all,
                CONTAINER + "/volumeMounts",
                Set.of(
                        Map.of("name", "jobs", "mountPath", "/etc/modelbatch/job-configs", "readOnly", true),
                        Map.of("name", "data", "mountPath", "/data"),
                        Map.of("name", "cache", "mountPath", "/cache"),
                        Map.of("name", "tmp", "mountPath", "/tmp")));
        sameMembers(
                all,
                POD + "/volumes",
                Set.of(
                        Map.of("name", "jobs", "configMap", Map.of("name", job.name() + "-job-file")),
                        Map.of("name", "data", "emptyDir", Map.of()),
                        Map.of("name", "cache", "emptyDir", Map.of("sizeLimit", "2Gi")),
                        Map.of("name", "tmp", "emptyDir", Map.of("sizeLimit", "7Gi"))));
    }

    private static Map<String, String> labels(JobFile job) {
        return Map.of(
                "app.kubernetes.io/name", "modelbatch",
                "app.kubernetes.io/instance", job.name(),
                "app.kubernetes.io/component", "manager");
    }

    private String text(String path) {
        return root.at(path).asString("");
    }

    private void equal(SoftAssertions all, String path, Object expected) {
        all.assertThat(root.at(path)).as(path).isEqualTo(JSON.valueToTree(expected));
    }

    /** Null for nothing at that place. */
    private void optional(SoftAssertions all, String path, @Nullable Object expected) {
        if (expected == null) {
            all.assertThat(root.at(path).isMissingNode())
                    .as(path + " is absent")
                    .isTrue();
        } else {
            equal(all, path, expected);
        }
    }

    private void between(SoftAssertions all, String path, long from, long to) {
        all.assertThat(root.at(path).asLong(-1)).as(path).isBetween(from, to);
    }

    private void sameMembers(SoftAssertions all, String path, Set<?> expected) {
        List<JsonNode> members = root.at(path).valueStream().toList();
        all.assertThat(members)
                .as(path)
                .containsExactlyInAnyOrderElementsOf(expected.stream()
                        .map(member -> (JsonNode) JSON.valueToTree(member))
                        .toList());
    }
}
