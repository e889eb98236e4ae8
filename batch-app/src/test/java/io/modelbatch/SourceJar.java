package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** A jar that is compiled from sources in a test. Classes outside the package {@code example} are compiled against, and left out. */
final class SourceJar {
    private static final String SERVICES = "META-INF/services/io.modelbatch.extension.StepType";

    /** {@code own}: a step type, with the body of its {@code factory}. */
    static String type(String factory) {
        return """
                package example;
                import com.fasterxml.jackson.annotation.JsonProperty;
                import io.modelbatch.extension.*;
                import org.springframework.batch.core.step.*;
                public final class Own implements StepType<Own.Options> {
                    public record Options(@JsonProperty(defaultValue = "x") String text) {}
                    public String key() { return "own"; }
                    public Class<Options> options() { return Options.class; }
                    public String description() { return "a step of its own"; }
                    public StepFactory<Options> factory(StepServices services) { %s }
                }
                """.formatted(factory);
    }

    private SourceJar() {}

    /** Compiles the sources, by the names of their classes, into a jar that names step types. */
    static void write(Path jar, Map<String, String> sources, String... types) throws IOException {
        Path work = Files.createTempDirectory(jar.toAbsolutePath().getParent().getParent(), "sources-");
        Path classes = Files.createDirectory(work.resolve("classes"));
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-parameters", "--release", "17", "-cp", System.getProperty("java.class.path")));
        arguments.addAll(List.of("-d", classes.toString()));
        for (Map.Entry<String, String> source : sources.entrySet()) {
            Path file = work.resolve(source.getKey().replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            arguments.add(Files.writeString(file, source.getValue()).toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Modelbatch-Version", "0.0.1");
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream entries = new JarOutputStream(file, manifest);
                Stream<Path> compiled = Files.walk(classes.resolve("example"))) {
            if (types.length > 0) {
                entries.putNextEntry(new JarEntry(SERVICES));
                entries.write(("# step types\n" + String.join("\n", types) + "\n").getBytes());
            }
            for (Path each : compiled.filter(Files::isRegularFile).toList()) {
                entries.putNextEntry(new JarEntry(classes.relativize(each).toString()));
                entries.write(Files.readAllBytes(each));
            }
        }
    }
}
