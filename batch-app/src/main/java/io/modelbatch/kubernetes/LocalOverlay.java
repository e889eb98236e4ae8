package io.modelbatch.kubernetes;

import java.util.List;
import java.util.Map;

/** A cluster of one machine, such as kind or minikube: tables and buckets are folders of one volume. */
final class LocalOverlay implements Overlay {
    @Override
    public String name() {
        return "local";
    }

    @Override
    public Map<String, Manifest> files() {
        return Map.of("volume.yaml", Manifest.template("volume"));
    }

    @Override
    public List<Patch> patches(List<Template> templates) {
        return templates.stream()
                .map(template -> Patch.of(template, operations(template)))
                .toList();
    }

    private static List<Manifest> operations(Template template) {
        return List.of(Patch.operation("""
                        # tables, models and results: they must outlive the pod
                        op: replace
                        path: %s/spec/volumes/0
                        value: { name: data, persistentVolumeClaim: { claimName: modelbatch-data } }
                        """, template.place()), Patch.operation("""
                        # of an image that was built on this machine, nothing is in a registry
                        op: add
                        path: %s/spec/containers/0/imagePullPolicy
                        value: IfNotPresent
                        """, template.place()));
    }
}
