package io.modelbatch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The way through Google Cloud, as a shell executes it: the blocks of docs/google-cloud.md and docs/scheduling.md one after the other,
 * with programs that only write down how they are called. So variables have their values, and loops all their turns.
 *
 * @param folder an empty one
 */
record RecordedCommands(Path folder) {
    private static final Path GOOGLE_CLOUD = Path.of("../docs/google-cloud.md");
    private static final Path SCHEDULING = Path.of("../docs/scheduling.md");
    private static final List<String> PROGRAMS =
            List.of("gcloud", "bq", "kubectl", "docker", "gcsfuse", "rclone", "java", "jq");
    /** Words and calls end with bytes that no word has. What is piped into a program is read, as the program would. */
    private static final String RECORDER = """
            #!/bin/bash
            [[ ! -p /dev/stdin ]] || cat > /dev/null
            printf '%s\\x1f' "${0##*/}" "$@" >> "$CALLS"
            printf '\\x1e' >> "$CALLS"
            echo 1234567890
            """;

    /** The calls of a program, with it as the first word. */
    List<List<String>> of(String program) throws IOException, InterruptedException {
        Path bin = Files.createDirectory(folder.resolve("bin"));
        for (String name : PROGRAMS) {
            Files.writeString(bin.resolve(name), RECORDER).toFile().setExecutable(true);
        }
        for (String name : List.of("k8s", "job-configs")) {
            Files.createSymbolicLink(folder.resolve(name), Path.of("..", name).toRealPath());
        }
        Path calls = folder.resolve("calls");
        ProcessBuilder shell = new ProcessBuilder(
                        "bash", "-euo", "pipefail", "-c", blocks().collect(Collectors.joining("\n")))
                .directory(folder.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(folder.resolve("errors").toFile());
        shell.environment().putAll(Map.of("PATH", bin + ":" + System.getenv("PATH"), "CALLS", calls.toString()));
        int exit = shell.start().waitFor();
        if (exit != 0) {
            throw new AssertionError("The page ends with " + exit + ": " + Files.readString(folder.resolve("errors")));
        }
        return Arrays.stream(Files.readString(calls).split("\u001e"))
                .map(call -> List.of(call.split("\u001f")))
                .filter(call -> call.get(0).equals(program))
                .toList();
    }

    private static Stream<String> blocks() {
        return Stream.of(
                        DocumentedCommands.blocks(GOOGLE_CLOUD).stream(),
                        DocumentedCommands.inline(GOOGLE_CLOUD).stream().filter(code -> code.startsWith("gcloud ")),
                        DocumentedCommands.blocks(SCHEDULING).stream().filter(RecordedCommands::isOfACluster))
                .flatMap(text -> text);
    }

    private static boolean isOfACluster(String block) {
        return Stream.of("gcloud ", "kubectl ", "docker ").anyMatch(block::contains);
    }
}
