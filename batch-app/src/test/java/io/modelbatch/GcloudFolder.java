package io.modelbatch;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.modelbatch.jobspec.JobFiles;
import io.modelbatch.kubernetes.Deployment;
import io.modelbatch.kubernetes.GoogleCloud;
import io.modelbatch.kubernetes.Target;
import io.modelbatch.kubernetes.Workers;
import io.modelbatch.kubernetes.Workers.Scaling;
import io.modelbatch.launch.BuiltInStepTypes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The files of a job for a target without a cluster, in a folder, with programs in place of those that would reach Google Cloud: each writes down
 * how it is called and what it is given.
 *
 * @param folder an empty one
 */
record GcloudFolder(Path folder) {
    /** Nothing of what is described is there, unless THERE is set. */
    private static final String GCLOUD = """
            #!/bin/bash
            printf '%s\\x1f' gcloud "$@" >>"$CALLS"
            printf '\\x1e' >>"$CALLS"
            for word in "$@"; do
              case $word in
                -) cat >"$GIVEN/$(ls "$GIVEN" | wc -l)" ;;
                --message-body-from-file=*) cp "${word#*=}" "$GIVEN/$(ls "$GIVEN" | wc -l)" ;;
                --metadata-from-file=*) word=${word#*startup-script=}; cp "${word%%,*}" "$GIVEN/${4%-*}.sh" ;;
                describe) exit "$((1 - ${THERE:-0}))" ;;
              esac
            done
            """;

    private static final Map<String, String> VALUES = Map.of(
            "PROJECT", "receipts-prod",
            "LOCATION", "EU",
            "REGION", "europe-west1",
            "BUCKET", "receipts-ml",
            "IMAGE", "europe-west1-docker.pkg.dev/receipts-prod/modelbatch/modelbatch:1",
            "ACCOUNT", "modelbatch@receipts-prod.iam.gserviceaccount.com",
            "REPOSITORY_URL", "jdbc:postgresql://10.1.2.3:5432/modelbatch?sslmode=require&connectTimeout=10",
            "NETWORK_ATTACHMENT", "projects/receipts-prod/regions/europe-west1/networkAttachments/modelbatch");

    /** Renders a job. */
    static Map<String, String> files(Target target, Path jobs, String name, String text, int workers)
            throws IOException {
        Files.writeString(jobs.resolve(name + ".yaml"), text);
        return target.rendering()
                .render(new Deployment(
                        new JobFiles(jobs).parse(name, BuiltInStepTypes.all()),
                        text,
                        Optional.empty(),
                        Optional.of(workers).filter(number -> number > 0).map(most -> new Workers(most, Scaling.KEDA)),
                        new GoogleCloud(Map.of("MODELBATCH_GCP_MAXBYTES", "it's $1"), Map.of())))
                .files();
    }

    void write(Map<String, String> files) throws IOException {
        for (Map.Entry<String, String> file : files.entrySet()) {
            Path path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
        program("gcloud", GCLOUD);
        Files.createDirectories(folder.resolve("given"));
    }

    void program(String name, String text) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        Files.writeString(bin.resolve(name), text).toFile().setExecutable(true);
    }

    /**
     * An execution of a script.
     *
     * @param code its exit code
     * @param text what it said
     */
    record Execution(int code, String text) {}

    Execution deploy(Map<String, String> more) throws IOException, InterruptedException {
        return execute(folder.resolve("deploy.sh"), Stream.of(VALUES, more));
    }

    Execution deployWithout(String missing) throws IOException, InterruptedException {
        Map<String, String> values = new java.util.HashMap<>(VALUES);
        values.remove(missing);
        return execute(folder.resolve("deploy.sh"), Stream.of(values));
    }

    Execution execute(Path script, Stream<Map<String, String>> environment) throws IOException, InterruptedException {
        ProcessBuilder shell = new ProcessBuilder("bash", script.toString())
                .redirectErrorStream(true)
                .redirectInput(Path.of("/dev/null").toFile());
        shell.environment().keySet().removeAll(VALUES.keySet());
        environment.forEach(shell.environment()::putAll);
        shell.environment().put("PATH", folder.resolve("bin") + ":" + System.getenv("PATH"));
        shell.environment().put("CALLS", folder.resolve("calls").toString());
        shell.environment().put("GIVEN", folder.resolve("given").toString());
        Process process = shell.start();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        return new Execution(process.waitFor(), text);
    }

    /** The calls of all programs so far, in their order. */
    List<List<String>> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.notExists(calls)
                ? List.of()
                : Arrays.stream(Files.readString(calls).split("\u001e"))
                        .map(call -> List.of(call.split("\u001f")))
                        .toList();
    }

    /** The files that the calls were given, by number, and the start-up scripts of groups by their names. */
    String given(String name) throws IOException {
        return Files.readString(folder.resolve("given").resolve(name));
    }
}
