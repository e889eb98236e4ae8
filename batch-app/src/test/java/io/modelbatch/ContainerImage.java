package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * An image in the format of OCI, unpacked. It is run as a pod of ours runs it: with a root that is read-only, without capabilities and
 * without a network.
 *
 * @param root the files of all layers
 * @param settings the command, the environment and the user
 */
record ContainerImage(Path root, JsonNode settings) {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** Unpacks the tar file of an image into an empty folder. */
    static ContainerImage unpack(Path tar, Path folder) throws IOException, InterruptedException {
        Path blobs = Files.createDirectory(folder.resolve("image"));
        extract(tar, blobs);
        JsonNode index = JSON.readTree(blobs.resolve("index.json"));
        JsonNode manifest = JSON.readTree(blob(blobs, index.at("/manifests/0")));
        Path root = Files.createDirectory(folder.resolve("rootfs"));
        for (JsonNode layer : manifest.path("layers")) {
            extract(blob(blobs, layer), root);
        }
        return new ContainerImage(
                root, JSON.readTree(blob(blobs, manifest.path("config"))).path("config"));
    }

    private static Path blob(Path blobs, JsonNode descriptor) {
        return blobs.resolve("blobs")
                .resolve(descriptor.path("digest").stringValue().replace(':', '/'));
    }

    private static void extract(Path tar, Path folder) throws IOException, InterruptedException {
        InstalledPrograms.output(
                List.of("tar", "--extract", "--warning=no-unknown-keyword", "--file=" + tar, "--directory=" + folder));
    }

    /**
     * Runs its command with more arguments, and returns what it printed.
     *
     * @param folders writable folders of this machine, by the place where they are mounted
     * @param environment variables that it does not have, or has with another value
     */
    Ended run(Map<String, Path> folders, Map<String, String> environment, String... arguments)
            throws IOException, InterruptedException {
        Path bundle = root.getParent();
        Path settingsFile = bundle.resolve("config.json");
        Files.deleteIfExists(settingsFile);
        InstalledPrograms.output(List.of("runc", "spec", "--bundle", bundle.toString()));
        ObjectNode spec = (ObjectNode) JSON.readTree(settingsFile);
        fill((ObjectNode) spec.path("process"), environment, arguments);
        for (Map.Entry<String, Path> folder : folders.entrySet()) {
            mount(spec, folder.getKey(), "bind", folder.getValue().toString(), "rbind", "rw");
        }
        mount(spec, "/tmp", "tmpfs", "tmpfs", "mode=1777");
        JSON.writeValue(settingsFile, spec);

        Path output = bundle.resolve("output.log");
        Process process = new ProcessBuilder(
                        "runc",
                        "run",
                        "--bundle",
                        bundle.toString(),
                        "modelbatch-" + ProcessHandle.current().pid())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new Ended(process.waitFor(), Files.readString(output));
    }

    private void fill(ObjectNode process, Map<String, String> environment, String... arguments) {
        ArrayNode command = process.putArray("args");
        settings.path("Entrypoint").forEach(command::add);
        List.of(arguments).forEach(command::add);
        ArrayNode variables = process.putArray("env");
        settings.path("Env")
                .valueStream()
                .filter(variable ->
                        !environment.containsKey(variable.stringValue().split("=")[0]))
                .forEach(variables::add);
        environment.forEach((name, value) -> variables.add(name + "=" + value));
        String[] user = settings.path("User").stringValue().split(":");
        process.put("terminal", false)
                .put("cwd", settings.path("WorkingDir").stringValue())
                .putObject("capabilities");
        process.putObject("user").put("uid", Integer.parseInt(user[0])).put("gid", Integer.parseInt(user[1]));
    }

    private static void mount(ObjectNode spec, String place, String type, String source, String... options) {
        ObjectNode mount = ((ArrayNode) spec.path("mounts")).addObject();
        mount.put("destination", place).put("type", type).put("source", source);
        List.of(options).forEach(mount.putArray("options")::add);
    }

    /** A folder that the image's user may write. */
    Path folder(String name) throws IOException, InterruptedException {
        Path folder = Files.createDirectory(root.resolveSibling(name));
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwx------"));
        InstalledPrograms.output(
                new ArrayList<>(List.of("chown", settings.path("User").stringValue(), folder.toString())));
        return folder;
    }

    /**
     * The end of a command.
     *
     * @param exit its exit code
     * @param output what it printed
     */
    record Ended(int exit, String output) {}
}
