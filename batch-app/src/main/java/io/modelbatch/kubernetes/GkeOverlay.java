package io.modelbatch.kubernetes;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A cluster of Google Kubernetes Engine: rows in BigQuery, objects in Cloud Storage, machines by their labels. */
final class GkeOverlay implements Overlay {
    private static final String CONTAINER = "/spec/containers/0";
    private static final String ACCELERATOR = "cloud.google.com/gke-accelerator";
    private static final String SPOT = "cloud.google.com/gke-spot";

    private final JobObjects objects;
    private final GoogleCloud google;

    GkeOverlay(JobObjects objects) {
        this.objects = objects;
        this.google = objects.deployment().google();
    }

    @Override
    public String name() {
        return "gke";
    }

    @Override
    public Map<String, Manifest> files() {
        return Map.of(
                "google-apis.yaml",
                objects.networkPolicy("google-apis", objects.job().name() + "-google-apis"));
    }

    @Override
    public List<Patch> patches(List<Template> templates) {
        List<Patch> patches = new ArrayList<>();
        templates.forEach(template -> patches.add(Patch.of(template, operations(template))));
        patches.add(new Patch(
                "settings.yaml", "ConfigMap", Pod.settings(objects.job().name()), settings()));
        google.serviceAccount()
                .ifPresent(account -> patches.add(new Patch(
                        "service-account.yaml", "ServiceAccount", objects.job().name(), List.of(actingAs(account)))));
        return patches;
    }

    /** Each a variable of all pods. */
    private List<Manifest> settings() {
        List<Manifest> operations = new ArrayList<>();
        operations.add(variable("SPRING_PROFILES_ACTIVE", "gcp"));
        operations.add(variable("MODELBATCH_LOGS", "google"));
        google.variables().forEach((name, value) -> operations.add(variable(name, value)));
        return operations;
    }

    private static Manifest variable(String name, String value) {
        return Patch.operation("{ op: add, path: /data/%s }", name).set("/value", value);
    }

    private static Manifest actingAs(String account) {
        return Patch.operation("""
                # Workload Identity: the pods act as this account
                op: add
                path: /metadata/annotations
                value: { iam.gke.io/gcp-service-account: %s }
                """, account);
    }

    private List<Manifest> operations(Template template) {
        Machine machine = template.pod().machine();
        List<Manifest> operations = new ArrayList<>();
        operations.add(Patch.operation("""
                # a disk of each pod, for the log and the cache of models: nothing in it must outlive the pod
                op: replace
                path: %s/spec/volumes/0
                value:
                  name: data
                  ephemeral:
                    volumeClaimTemplate:
                      spec:
                        accessModes: [ReadWriteOnce]
                        storageClassName: standard-rwo
                        resources:
                          requests: { storage: 20Gi }
                """, template.place()));
        Map<String, String> labels = new LinkedHashMap<>();
        machine.gpu().ifPresent(gpu -> labels.put(ACCELERATOR, gpu.type()));
        machine.spot().ifPresent(spot -> labels.put(SPOT, "true"));
        if (!labels.isEmpty()) {
            operations.add(Patch.operation("""
                    # the machine: in Autopilot mode these labels make it, with the driver of the GPU
                    op: add
                    path: %s/spec/nodeSelector
                    """, template.place()).set("/value", labels));
        }
        if (machine.spot().isPresent()) {
            operations.add(tolerateSpot(template));
        }
        if (machine.gpu().isPresent()) {
            operations.add(Patch.operation("""
                    # where GKE puts the driver
                    op: add
                    path: %s/spec/containers/0/env/-
                    value: { name: LD_LIBRARY_PATH, value: /usr/local/nvidia/lib64 }
                    """, template.place()));
        }
        if (!google.mounts().isEmpty()) {
            mounts(template).forEach(operations::add);
        }
        return operations;
    }

    private static Manifest tolerateSpot(Template template) {
        String toleration = "{ key: cloud.google.com/gke-spot, operator: Equal, value: \"true\", effect: NoSchedule }";
        boolean hasOthers = template.pod().machine().gpu().isPresent();
        return Patch.operation(
                "{ op: add, path: %s/spec/tolerations%s, value: %s }",
                template.place(), hasOthers ? "/-" : "", hasOthers ? toleration : "[" + toleration + "]");
    }

    /** The driver's sidecar needs ephemeral storage of its own, and all containers of a pod have 10 GiB in Autopilot mode. */
    private Stream<Manifest> mounts(Template template) {
        List<Manifest> operations = new ArrayList<>();
        operations.add(Patch.operation("""
                # buckets as folders, by a sidecar. It shares the 10 GiB of ephemeral storage that a pod has in Autopilot mode
                op: add
                path: %s/metadata/annotations
                value: { gke-gcsfuse/volumes: "true", gke-gcsfuse/ephemeral-storage-limit: 1Gi }
                """, template.place()));
        for (String kind : List.of("requests", "limits")) {
            operations.add(Patch.operation(
                    "{ op: replace, path: %s%s/resources/%s/ephemeral-storage, value: 9Gi }",
                    template.place(), CONTAINER, kind));
        }
        operations.add(Patch.operation(
                "{ op: replace, path: %s/spec/volumes/2/emptyDir/sizeLimit, value: 6Gi }", template.place()));
        int number = 0;
        for (Map.Entry<String, String> mount : google.mounts().entrySet()) {
            String volume = "bucket-" + ++number;
            operations.add(Patch.operation("{ op: add, path: %s%s/args/- }", template.place(), CONTAINER)
                    .set("/value", "--modelbatch.gcp.mounts." + mount.getKey() + "=" + mount.getValue()));
            operations.add(Patch.operation(
                            "{ op: add, path: %s%s/volumeMounts/-, value: { name: %s } }",
                            template.place(), CONTAINER, volume)
                    .set("/value/mountPath", mount.getValue()));
            operations.add(Patch.operation("""
                    # without a lifetime, the sidecar keeps what it knows of an object for ever on machines with accelerators
                    op: add
                    path: %s/spec/volumes/-
                    value:
                      name: %s
                      csi:
                        driver: gcsfuse.csi.storage.gke.io
                        volumeAttributes:
                          bucketName: ""
                          mountOptions: implicit-dirs,metadata-cache:ttl-secs:60,uid=10001,gid=10001
                    """, template.place(), volume)
                    .set("/value/csi/volumeAttributes/bucketName", mount.getKey()));
        }
        return operations.stream();
    }
}
