package io.modelbatch.step.command;

import io.modelbatch.base.PrintableText;
import io.modelbatch.base.Remedy;
import io.modelbatch.process.ExecutableFile;
import io.modelbatch.run.StopRequest;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * The Python of this machine that has papermill.
 *
 * @param python the interpreter: that of the program {@code papermill} on the PATH, or the one that the property names
 */
record Papermill(Path python) {
    /** The property that names the interpreter. */
    static final String PROPERTY = "modelbatch.python";

    private static final int POLL_MILLIS = 50;
    private static final int LONGEST_ANSWER = 200;
    private static final int LONGEST_LOOK_SECONDS = 60;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /**
     * The packages and kernels that a Python has.
     *
     * @param papermill its version; null where it is missing
     * @param nbconvert its version; null where it is missing
     * @param kernels by name
     */
    record Installed(@Nullable String papermill, @Nullable String nbconvert, Map<String, Kernel> kernels) {
        Installed {
            kernels = Map.copyOf(kernels);
        }
    }

    /**
     * A kernel.
     *
     * @param language of the code that it executes
     * @param lost its program, where that is not there any more; null otherwise
     */
    record Kernel(@Nullable String language, @Nullable String lost) {}

    /**
     * Finds it.
     *
     * @param property the property's value; empty where it is not set
     * @param path the variable PATH
     * @throws ProgramException when there is none, with the command that installs it
     */
    static Papermill find(Optional<String> property, @Nullable String path) {
        if (property.isPresent()) {
            return new Papermill(
                    onPath(property.get(), path)
                            .orElseThrow(
                                    () -> refused(
                                            PROPERTY + " is '" + property.get()
                                                    + "', and no such program can be executed. Name the Python that has papermill, such as /opt/venv/bin/python")));
        }
        Path program = onPath("papermill", path)
                .orElseThrow(
                        () -> refused("A notebook is executed by papermill, and no program 'papermill' is on the PATH. "
                                + installation("python3")
                                + " Where it is installed in an environment of its own, name that one's Python:"
                                + " --" + PROPERTY + "=/opt/venv/bin/python"));
        return new Papermill(interpreter(program)
                .orElseThrow(() -> refused(program
                        + " is on the PATH, but Modelbatch cannot tell which Python has it. Name that Python: --"
                        + PROPERTY
                        + "=/opt/venv/bin/python")));
    }

    /** A command for a person to type. */
    static String installation(String python) {
        return "Install it: " + python + " -m pip install papermill ipykernel nbconvert.";
    }

    private static ProgramException refused(String message) {
        return new ProgramException(message, Remedy.CONFIGURE);
    }

    private static Optional<Path> onPath(String name, @Nullable String path) {
        List<Path> candidates =
                name.contains("/") || path == null ? List.of(Path.of(name)) : ExecutableFile.candidates(name, path);
        return candidates.stream()
                .map(Path::toAbsolutePath)
                .filter(ExecutableFile::is)
                .findFirst();
    }

    /** The script names it in its first line, or, where that cannot hold the path, both are in the folder of an environment. */
    private static Optional<Path> interpreter(Path script) {
        try {
            Path real = script.toRealPath();
            if (!Files.isReadable(real)) {
                return Optional.empty();
            }
            Optional<Path> named = named(real);
            return named.isPresent()
                    ? named
                    : Stream.of("python3", "python")
                            .map(real::resolveSibling)
                            .filter(ExecutableFile::is)
                            .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Optional<Path> named(Path script) {
        return ExecutableFile.interpreter(script)
                .map(Path::of)
                .filter(program -> String.valueOf(program.getFileName()).startsWith("python"))
                .filter(ExecutableFile::is);
    }

    /**
     * Asks the Python what it has. Takes less than a second.
     *
     * @param environment variables of the notebook, in which kernels may be named
     * @throws ProgramException when it does not answer
     */
    Installed installed(Map<String, String> environment) throws IOException, InterruptedException {
        Path answer = Files.createTempFile("installed", ".txt");
        try {
            ProcessBuilder builder = new ProcessBuilder(python.toString(), "-c", resource("installed.py"))
                    .directory(new File("/"))
                    .redirectInput(new File("/dev/null"))
                    .redirectErrorStream(true)
                    .redirectOutput(answer.toFile());
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(LONGEST_LOOK_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
            return parsed(Files.readString(answer));
        } finally {
            Files.deleteIfExists(answer);
        }
    }

    private Installed parsed(String answer) {
        String last = answer.lines().reduce("", (first, later) -> later);
        try {
            return JSON.readValue(last, Installed.class);
        } catch (JacksonException e) {
            throw refused(python + " does not say which packages it has; probably it is not a Python. Its answer: "
                    + PrintableText.message(PrintableText.shortened(last, LONGEST_ANSWER)));
        }
    }

    /**
     * True when a command of this Python ended with success in that time, and no stop was requested meanwhile. It is ended otherwise.
     */
    boolean ended(List<String> command, Duration time, StopRequest stop) throws IOException, InterruptedException {
        boolean isStopping = stop.requested();
        Process process = new ProcessBuilder(command)
                .directory(new File("/"))
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            long began = System.nanoTime();
            while (System.nanoTime() - began < time.toNanos() && stop.requested() == isStopping) {
                if (process.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS)) {
                    return process.exitValue() == 0;
                }
            }
            return false;
        } finally {
            process.destroyForcibly();
        }
    }

    /** A command of this Python. */
    List<String> command(List<String> arguments) {
        return Stream.concat(Stream.of(python.toString()), arguments.stream()).toList();
    }

    /**
     * The command line that executes a notebook. papermill replaces what is in braces in paths, so theirs are doubled.
     *
     * @param starter the script of {@code execute.py}: papermill's own folder comes first on Python's path, not that of the notebook, in
     *     which a module may have the name of one that papermill needs
     * @param executed the notebook that papermill writes
     * @param parameters the file of the parameters
     */
    List<String> execution(Path starter, Path notebook, Path executed, Path parameters) {
        return command(List.of(
                starter.toString(),
                literal(notebook),
                literal(executed),
                "--log-output",
                "--parameters_file",
                parameters.toString(),
                "--cwd",
                String.valueOf(notebook.getParent())));
    }

    private static String literal(Path path) {
        return path.toString().replace("{", "{{").replace("}", "}}");
    }

    /** The command line that renders a notebook beside it as HTML, which loads nothing from the network. */
    List<String> rendering(Path notebook, Path templates) {
        return command(List.of(
                "-m",
                "nbconvert",
                "--to",
                "html",
                "--embed-images",
                "--TemplateExporter.extra_template_basedirs=" + templates,
                "--template=notebook-html",
                notebook.toString()));
    }

    /** A text that is part of the application. */
    static String resource(String name) throws IOException {
        try (InputStream in = Papermill.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is not in the jar");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
