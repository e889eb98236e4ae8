package io.modelbatch;

import io.kubernetes.client.custom.Quantity;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * The template of a pod, in whichever object, and the rules for all of them.
 *
 * @param owner the object
 * @param template the template in it
 */
record PodManifest(JsonNode owner, JsonNode template) {
    private static final List<String> PLACES = List.of("/spec/jobTemplate/spec", "/spec/jobTargetRef");
    private static final String DISK = "ephemeral-storage";
    private static final BigDecimal AUTOPILOT = bytes("10Gi");
    private static final BigDecimal LOGS = bytes("1Gi");

    /** The templates of pods among the objects. */
    static List<PodManifest> in(List<JsonNode> objects) {
        return objects.stream()
                .flatMap(object -> PLACES.stream()
                        .map(place -> object.at(place + "/template"))
                        .filter(template -> !template.isMissingNode())
                        .map(template -> new PodManifest(object, template)))
                .toList();
    }

    String name() {
        return owner.at("/metadata/name").asString();
    }

    JsonNode container() {
        return template.at("/spec/containers/0");
    }

    /** The arguments of the process. */
    List<String> arguments() {
        return container().path("args").valueStream().map(JsonNode::asString).toList();
    }

    /** Requests and limits by resource. */
    Map<String, String> limits() {
        return container()
                .at("/resources/limits")
                .propertyStream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().asString()));
    }

    void check(SoftAssertions all, List<JsonNode> objects) {
        String who = name() + " ";
        JsonNode pod = template.path("spec");
        JsonNode container = container();
        all.assertThat(pod.path("restartPolicy").asString())
                .as(who + "restartPolicy")
                .isEqualTo("Never");
        all.assertThat(pod.path("terminationGracePeriodSeconds").asInt())
                .as(who + "grace")
                .isEqualTo(15);
        all.assertThat(pod.path("automountServiceAccountToken").asBoolean(true))
                .as(who + "token")
                .isFalse();
        all.assertThat(pod.path("containers").size()).as(who + "containers").isEqualTo(1);
        all.assertThat(pod.propertyNames())
                .as(who)
                .doesNotContain("hostNetwork", "hostPID", "hostIPC", "initContainers");
        all.assertThat(pod.path("securityContext")).as(who + "pod").isEqualTo(json("""
                {"runAsNonRoot": true, "runAsUser": 10001, "runAsGroup": 10001, "fsGroup": 10001,
                 "fsGroupChangePolicy": "OnRootMismatch", "seccompProfile": {"type": "RuntimeDefault"}}"""));
        all.assertThat(container.path("securityContext")).as(who + "container").isEqualTo(json("""
                {"allowPrivilegeEscalation": false, "readOnlyRootFilesystem": true, "capabilities": {"drop": ["ALL"]}}"""));
        all.assertThat(limits().keySet()).as(who + "limits").contains("cpu", "memory", DISK);
        all.assertThat(container.at("/resources/requests")).as(who).isEqualTo(container.at("/resources/limits"));
        all.assertThat(names(pod.path("volumes")))
                .as(who + "volumes, each mounted once")
                .containsExactlyInAnyOrderElementsOf(container
                        .path("volumeMounts")
                        .valueStream()
                        .map(mount -> mount.path("name").asString())
                        .toList());
        checkDisk(all, who, pod);
        checkReferences(all, who, pod, objects);
    }

    /** Of all containers together, with the sidecar of a mount. */
    private void checkDisk(SoftAssertions all, String who, JsonNode pod) {
        BigDecimal disk = bytes(limits().getOrDefault(DISK, "0"));
        BigDecimal folders = pod.path("volumes")
                .valueStream()
                .map(volume -> volume.path("emptyDir"))
                .filter(JsonNode::isObject)
                .map(folder -> bytes(folder.path("sizeLimit").asString("100Gi")))
                .reduce(LOGS, BigDecimal::add);
        JsonNode annotations = template.at("/metadata/annotations");
        BigDecimal sidecar = annotations.has("gke-gcsfuse/volumes")
                ? bytes(annotations.path("gke-gcsfuse/ephemeral-storage-limit").asString("5Gi"))
                : BigDecimal.ZERO;
        all.assertThat(disk).as(who + "the folders").isGreaterThanOrEqualTo(folders);
        all.assertThat(disk.add(sidecar)).as(who + "with the sidecar").isLessThanOrEqualTo(AUTOPILOT);
        all.assertThat(annotations.has("gke-gcsfuse/volumes"))
                .as(who + "a sidecar where a bucket is mounted")
                .isEqualTo(pod.path("volumes").valueStream().anyMatch(volume -> volume.has("csi")));
    }

    /** Each object that is named is there; the Secrets are made by hand. */
    private void checkReferences(SoftAssertions all, String who, JsonNode pod, List<JsonNode> objects) {
        all.assertThat(names("ServiceAccount", objects))
                .as(who)
                .contains(pod.path("serviceAccountName").asString());
        all.assertThat(names("ConfigMap", objects))
                .as(who)
                .containsAll(
                        Stream.concat(pod.findValues("configMap").stream(), pod.findValues("configMapRef").stream())
                                .map(reference -> reference.path("name").asString())
                                .toList());
        all.assertThat(names("PersistentVolumeClaim", objects))
                .as(who)
                .containsAll(pod.findValuesAsString("claimName"));
    }

    private static Set<String> names(String kind, List<JsonNode> objects) {
        return objects.stream()
                .filter(object -> object.path("kind").asString().equals(kind))
                .map(object -> object.at("/metadata/name").asString())
                .collect(Collectors.toSet());
    }

    private static List<String> names(JsonNode list) {
        return list.valueStream().map(member -> member.path("name").asString()).toList();
    }

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    private static BigDecimal bytes(String quantity) {
        return Quantity.fromString(quantity).getNumber();
    }
}
