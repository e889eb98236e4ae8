package io.modelbatch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Programs of others, on this machine's PATH or among the peers. A test that needs one that is not there is skipped by its name. */
final class InstalledPrograms {
    /** Where batch-app/src/test/peers/install puts what it builds. */
    private static final Path PEERS = Optional.ofNullable(System.getenv("MODELBATCH_PEERS"))
            .map(Path::of)
            .orElseGet(() -> Path.of(System.getProperty("user.home"), ".cache/modelbatch/peers"));

    private InstalledPrograms() {}

    static Path assumeInstalled(String program) {
        Optional<Path> found = Stream.concat(
                        Pattern.compile(Pattern.quote(File.pathSeparator))
                                .splitAsStream(System.getenv("PATH"))
                                .map(Path::of),
                        Stream.of(PEERS))
                .map(folder -> folder.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
        assumeTrue(found.isPresent(), program + " is not installed");
        return found.get();
    }

    /** A file among the peers that is not a program. */
    static Path assumeThere(String file) {
        Path found = PEERS.resolve(file);
        assumeTrue(Files.exists(found), found + " is not there");
        return found;
    }

    /** Standard output of a command that succeeds. */
    static String output(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (process.waitFor() != 0) {
            throw new AssertionError(command + " ends with " + process.exitValue() + ": " + output);
        }
        return output;
    }
}
