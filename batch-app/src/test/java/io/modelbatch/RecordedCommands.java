package io.modelbatch;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.springframework.util.FileSystemUtils;

/**
 * The way through Google Cloud, as a shell executes it: the blocks of docs/google-cloud.md, docs/cloud-run.md, docs/kubernetes.md and
 * docs/scheduling.md one after the other, with programs that only write down how they are called. So variables have their values, and
 * loops all their turns.
 *
 * @param folder an empty one, in which the shell works
 */
record RecordedCommands(Path folder) {
    private static final Path GOOGLE_CLOUD = Path.of("../docs/google-cloud.md");
    private static final Path CLOUD_RUN = Path.of("../docs/cloud-run.md");
    private static final Path KUBERNETES = Path.of("../docs/kubernetes.md");
    private static final Path SCHEDULING = Path.of("../docs/scheduling.md");
    private static final List<String> PROGRAMS = List.of("gcloud", "bq", "mvnw", "gcsfuse", "rclone", "java", "kind");
    /** Words and calls end with bytes that no word has. What is piped into a program is read, as the program would. */
    private static final String RECORDER = """
            #!/bin/bash
            [[ ! -p /dev/stdin ]] || cat > /dev/null
            printf '%s\\x1f' "${0##*/}" "$@" >> "$CALLS"
            printf '\\x1e' >> "$CALLS"
            echo 1234567890
            """;

    /** The verb that needs neither a jar nor a repository is executed, for clusters. */
    private static final String VERB_K8S = """
            #!/bin/bash
            [[ ${3:-} != k8s || $* == *--target* ]] || exec %s -XX:TieredStopAtLevel=1 -cp '%s' %s "${@:3}"
            %s
            """;

    /** The calls of {@code gcloud}, without a cluster. */
    List<List<String>> ofGcloud() throws IOException, InterruptedException {
        write("kubectl", RECORDER);
        write("jq", RECORDER);
        execute(name -> "", Map.of());
        return Arrays.stream(Files.readString(folder.resolve("calls")).split("\u001e"))
                .map(call -> List.of(call.split("\u001f")))
                .filter(call -> call.get(0).equals("gcloud"))
                .toList();
    }

    /**
     * Executes the pages with a real {@code kubectl}, each in a namespace of its own, and manifests that the verb writes. Only nothing is waited
     * for, because no pod starts, nothing is fetched, and the objects stay.
     *
     * @param kubectl the program
     * @param cluster the configuration that names the server
     */
    void inCluster(Path kubectl, Path cluster) throws IOException, InterruptedException {
        write("kubectl", """
                #!/bin/bash
                [[ $1 == logs || $1 == wait || $* == *https://* || $* == "delete -k"* ]] || exec %s "$@"
                """.formatted(kubectl));
        execute(
                name -> "kubectl create namespace %1$s; kubectl config set-context --current --namespace=%1$s"
                        .formatted(name),
                Map.of("KUBECONFIG", cluster.toString()));
    }

    private void execute(UnaryOperator<String> namespace, Map<String, String> environment)
            throws IOException, InterruptedException {
        for (String name : PROGRAMS) {
            write(name, RECORDER);
        }
        for (Map.Entry<String, String> file : DocumentedCommands.files().entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
        }
        write(
                "java",
                VERB_K8S.formatted(
                        Path.of(System.getProperty("java.home"), "bin/java"),
                        classPath(),
                        BatchApplication.class.getName(),
                        RECORDER.lines().skip(1).collect(Collectors.joining("\n"))));
        FileSystemUtils.copyRecursively(Path.of("../job-configs"), folder.resolve("job-configs"));
        Files.createSymbolicLink(folder.resolve("mvnw"), folder.resolve("bin/mvnw"));
        // What the verb would write for other targets: GcloudTargetsTest executes the real ones.
        for (String target : List.of("cloud-run", "vertex", "compute")) {
            Files.createDirectories(folder.resolve(target + "/predict"));
            Files.createFile(folder.resolve(target + "/predict/deploy.sh"));
        }
        ProcessBuilder shell = new ProcessBuilder(
                        "bash", "-euxo", "pipefail", "-c", blocks(namespace).collect(Collectors.joining("\n")))
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("errors").toFile());
        shell.environment()
                .putAll(Map.of(
                        "PATH",
                        folder.resolve("bin") + ":" + System.getenv("PATH"),
                        "CALLS",
                        folder.resolve("calls").toString()));
        shell.environment().putAll(environment);
        int exit = shell.start().waitFor();
        if (exit != 0) {
            throw new AssertionError("The pages end with " + exit + ": " + Files.readString(folder.resolve("errors")));
        }
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))
                        .split(File.pathSeparator))
                .map(place -> Path.of(place).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }

    private void write(String program, String text) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(bin.resolve(program), text).toFile().setExecutable(true);
    }

    private static Stream<String> blocks(UnaryOperator<String> namespace) {
        return Stream.of(
                        DocumentedCommands.blocks(GOOGLE_CLOUD).stream(),
                        DocumentedCommands.blocks(CLOUD_RUN).stream(),
                        DocumentedCommands.inline(GOOGLE_CLOUD).stream().filter(code -> code.startsWith("gcloud ")),
                        Stream.of(namespace.apply("kubernetes")),
                        DocumentedCommands.blocks(KUBERNETES).stream(),
                        Stream.of(namespace.apply("scheduling")),
                        DocumentedCommands.blocks(SCHEDULING).stream().filter(RecordedCommands::isOfACluster))
                .flatMap(text -> text);
    }

    private static boolean isOfACluster(String block) {
        return Stream.of("gcloud ", "kubectl ").anyMatch(block::contains);
    }
}
