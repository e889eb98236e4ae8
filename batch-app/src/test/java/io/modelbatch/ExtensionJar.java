package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A jar with a type of step of somebody else: compiled from the sources in the resource {@code extension}, and on no class path of ours. */
final class ExtensionJar {
    private static final Path SOURCES = Path.of("src/test/resources/extension");
    /** Of the sample project, whose other steps have a test of their own. */
    private static final Path TRANSFORM =
            Path.of("../docs/examples/extension/src/main/java/com/example/shop/SplitSentencesStepType.java");

    private ExtensionJar() {}

    /** Compiles it into the folder in which the application looks for it. */
    static void put(Path home) throws IOException {
        Path classes = Files.createDirectories(home.resolve("classes"));
        List<String> arguments = new ArrayList<>(List.of(
                "-proc:none", "-parameters", "-cp", System.getProperty("java.class.path"), "-d", classes.toString()));
        files(SOURCES.resolve("example")).forEach(source -> arguments.add(source.toString()));
        arguments.add(TRANSFORM.toString());
        int exit = ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new));
        assertThat(exit).isZero();
        Path services = SOURCES.resolve("META-INF/services/io.modelbatch.extension.StepType");
        Path jar = Files.createDirectories(home.resolve("extensions")).resolve("count-words.jar");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file)) {
            add(entries, "META-INF/services/" + services.getFileName(), services);
            for (Path compiled : files(classes)) {
                add(entries, classes.relativize(compiled).toString(), compiled);
            }
        }
    }

    private static void add(JarOutputStream jar, String name, Path file) throws IOException {
        jar.putNextEntry(new JarEntry(name));
        Files.copy(file, jar);
        jar.closeEntry();
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
