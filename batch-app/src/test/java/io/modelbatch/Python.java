package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.springframework.util.FileSystemUtils;

/** The Python whose libraries answers are compared with. */
public final class Python {
    private static final String VARIABLE = "MODELBATCH_PYTHON";

    private Python() {}

    /** Skipped where there is no such Python. */
    @Target({ElementType.TYPE, ElementType.METHOD})
    @Retention(RetentionPolicy.RUNTIME)
    @EnabledIfEnvironmentVariable(
            named = VARIABLE,
            matches = ".+",
            disabledReason = VARIABLE + " names no Python with the libraries of src/sample/requirements.txt")
    public @interface Needed {}

    /** Runs a script of {@code src/test/python}; what it prints, line by line. Fails with what it says where it fails. */
    public static List<String> run(Duration limit, String script, Object... arguments)
            throws IOException, InterruptedException {
        return run(limit, new byte[0], script, arguments);
    }

    /** The same, with something to read. */
    public static List<String> run(Duration limit, byte[] input, String script, Object... arguments)
            throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("python");
        try {
            return run(limit, Files.write(folder.resolve("input.txt"), input), command(script, arguments));
        } finally {
            FileSystemUtils.deleteRecursively(folder);
        }
    }

    private static List<String> command(String script, Object... arguments) {
        List<String> command = new ArrayList<>(List.of(System.getenv(VARIABLE), "src/test/python/" + script));
        for (Object argument : arguments) {
            command.add(argument.toString());
        }
        return command;
    }

    private static List<String> run(Duration limit, Path input, List<String> command)
            throws IOException, InterruptedException {
        Path output = input.resolveSibling("output.txt");
        Path errors = input.resolveSibling("errors.txt");
        Process python = new ProcessBuilder(command)
                .redirectInput(input.toFile())
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        assertThat(python.waitFor(limit.toSeconds(), TimeUnit.SECONDS))
                .as("ended in time")
                .isTrue();
        assertThat(python.exitValue()).as(Files.readString(errors)).isZero();
        return Files.readAllLines(output);
    }
}
