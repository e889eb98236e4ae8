package io.modelbatch.kubernetes;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** A kustomize base with the objects of a job, and an overlay for each kind of cluster. */
final class KubernetesRendering implements Rendering {
    private static final String BASE = "base";
    private static final String KUSTOMIZATION = "/kustomization.yaml";

    @Override
    public Rendered render(Deployment deployment) {
        JobObjects objects = new JobObjects(deployment);
        Optional<WorkerObjects> workers = deployment.workers().map(wanted -> new WorkerObjects(objects, wanted));
        List<Template> templates = new ArrayList<>();
        templates.add(Template.ofCronJob("manager.yaml", deployment.job().name(), objects.manager()));
        workers.map(WorkerObjects::templates).ifPresent(templates::addAll);

        Map<String, String> files = new TreeMap<>();
        put(files, BASE, Manifest.template("kustomization"), objects.files());
        workers.ifPresent(all -> put(files, all.folder(), Manifest.template("component"), all.files()));
        for (Overlay overlay : List.of(new LocalOverlay(), new GkeOverlay(objects))) {
            String folder = "overlays/" + overlay.name();
            Manifest kustomization = Manifest.template("kustomization").add("/resources", "../../" + BASE);
            workers.ifPresent(all -> kustomization.set("/components", List.of("../../" + all.folder())));
            deployment
                    .image()
                    .map(ImageName::kustomization)
                    .ifPresent(image -> kustomization.set("/images", List.of(image)));
            kustomization.set("/patches", List.of());
            for (Patch patch : overlay.patches(templates)) {
                files.put(
                        folder + "/" + patch.file(),
                        patch.operations().stream().map(Manifest::item).collect(joining()));
                kustomization.add(
                        "/patches",
                        Manifest.parse("{ path: %s, target: { kind: %s } }".formatted(patch.file(), patch.kind()))
                                .set("/target/name", patch.name()));
            }
            put(files, folder, kustomization, overlay.files());
        }
        files.replaceAll(
                (path, text) -> GeneratedFile.withHeader(deployment.job().name(), text));
        return new Rendered(files, new Notes(deployment).withCluster());
    }

    private static void put(
            Map<String, String> files, String folder, Manifest kustomization, Map<String, Manifest> objects) {
        objects.forEach((file, object) -> {
            files.put(folder + "/" + file, object.text());
            kustomization.add("/resources", file);
        });
        files.put(folder + KUSTOMIZATION, kustomization.text());
    }
}
