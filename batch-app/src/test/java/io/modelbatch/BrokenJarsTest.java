package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelbatch.CommandLine.Ended;
import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A jar that cannot be used is named, with the cause and the way out, in one line and with exit code 2; never with a stack trace. */
class BrokenJarsTest {
    private static final String GOOD = SourceJar.type("return step -> execution -> {};");
    private static final String JOB = """
            steps:
              - own: {}
            """;
    /** The interface as an earlier version had it: with a method more. */
    private static final Map<String, String> OLD_API = Map.of(
            "io.modelbatch.extension.StepServices",
            "package io.modelbatch.extension; public interface StepServices { <T> T get(Class<T> t); void old(); }");

    @TempDir
    private Path folder;

    private Path extensions;

    @BeforeEach
    void aJob() throws IOException {
        extensions = Files.createDirectory(folder.resolve("extensions"));
        new CommandLine(folder).job("own", JOB);
    }

    @Test
    void aClassThatIsMissing() throws Exception {
        jar("a.jar", GOOD, "example.Own", "example.Missing");

        assertRefused(run("list"), "a.jar", "example.Missing", "no such class in the jar");
    }

    @Test
    void allProblemsAtOnce() throws Exception {
        jar("a.jar", GOOD, "example.Missing");
        Files.writeString(extensions.resolve("b.jar"), "no jar");
        otherJar("c.jar", "Other", GOOD.replace("\"own\"", "\"infer\""));

        Ended ended = run("list");

        assertThat(ended.exit()).isEqualTo(2);
        assertThat(ended.errors().lines())
                .satisfiesExactlyInAnyOrder(
                        line -> assertThat(line).contains("a.jar", "example.Missing"),
                        line -> assertThat(line).contains("b.jar", "not a readable jar"),
                        line -> assertThat(line).contains("c.jar", "'infer'", "a built-in one"));
    }

    @Test
    void aTruncatedJar() throws Exception {
        jar("a.jar", GOOD, "example.Own");
        Path jar = extensions.resolve("a.jar");
        byte[] whole = Files.readAllBytes(jar);
        Files.write(jar, Arrays.copyOf(whole, whole.length - 30));

        assertRefused(run("list"), "a.jar", "not a readable jar", "Replace it");
    }

    @Test
    void aDamagedClass() throws Exception {
        jar("a.jar", GOOD, "example.Own");
        change("example/Own.class", bytes -> Arrays.copyOf(bytes, bytes.length / 2));

        assertRefused(run("list"), "a.jar", "example.Own", "Build it again");
    }

    @Test
    void aJarForANewerJava() throws Exception {
        int newer = Runtime.version().feature() + 1;
        jar("a.jar", GOOD, "example.Own");
        change("example/Own.class", bytes -> {
            bytes[7] = (byte) (newer + 44);
            return bytes;
        });

        assertRefused(run("list"), "a.jar", "compiled for Java " + newer, "--release");
    }

    @Test
    void twoJarsWithOneKey() throws Exception {
        jar("a.jar", GOOD, "example.Own");
        jar("b.jar", GOOD, "example.Own");

        assertRefused(run("list"), "b.jar", "example.Own is also in a.jar");
        otherJar("b.jar", "Other", GOOD);
        assertRefused(run("list"), "b.jar", "'own'", "one of a.jar");
    }

    @Test
    void noServicesFile() throws Exception {
        SourceJar.write(
                extensions.resolve("a.jar"), Map.of("example.Library", "package example; public class Library {}"));

        assertRefused(run("list"), "META-INF/services/io.modelbatch.extension.StepType");
        jar("b.jar", GOOD, "example.Own");
        assertThat(run("list").exit()).isZero(); // a library of the other jar
    }

    @Test
    void aFolderThatIsNotThere() {
        assertRefused(
                new CommandLine(folder).run("list", "--modelbatch.extensions=" + folder.resolve("extension")),
                folder.resolve("extension").toString(),
                "is not a folder");
    }

    @Test
    void aConstructorThatThrows() throws Exception {
        jar(
                "a.jar",
                GOOD.replace(
                        "public String key()",
                        "public Own() { throw new IllegalStateException(\"no licence\"); } public String key()"),
                "example.Own");

        assertRefused(run("list"), "a.jar", "example.Own", "no licence");
    }

    @Test
    void aStaticFieldThatThrows() throws Exception {
        jar(
                "a.jar",
                GOOD.replace(
                        "public String key()",
                        "static final int X = Integer.parseInt(\"no number\"); public String key()"),
                "example.Own");

        assertRefused(run("list"), "a.jar", "example.Own", "no number");
    }

    @Test
    void aClassThatIsNotAStepType() throws Exception {
        jar("a.jar", "package example; public class Own {}", "example.Own");
        assertRefused(run("list"), "a.jar", "example.Own", "does not implement StepType");

        jar("a.jar", GOOD.replace("public final class", "final class"), "example.Own");
        assertRefused(run("list"), "a.jar", "example.Own", "public class with a public constructor");
    }

    /** Each mistake is found when the jar is loaded, not with the first job file that has the step. */
    @Test
    void mistakesInTheOptions() throws Exception {
        assertOptions("int rows", "'rows'", "defaultValue");
        assertOptions("@JsonProperty(defaultValue = \"many\") int rows", "'rows'", "a whole number, not 'many'");
        assertOptions(
                "@jakarta.validation.constraints.Pattern(regexp = \"[\") String text", "'text'", "cannot be read");
        assertOptions("java.util.Date day", "'day'", "java.util.Date", "allowed are");
        assertOptions("Boolean good", "'good'", "java.lang.Boolean");
        assertOptions("String name", "'name'", "every step has");
        assertOptions("@JsonProperty(\"a\") String b, String a", "two components with the key 'a'");
        assertOptions("Inner inner) { record Inner(String text) {} } record Unused(int x", "Inner", "must be public");
    }

    private void assertOptions(String components, String... words) throws IOException {
        jar("a.jar", GOOD.replace("@JsonProperty(defaultValue = \"x\") String text", components), "example.Own");
        Ended ended = run("list");
        assertRefused(ended, "a.jar", "example.Own");
        assertThat(ended.errors()).as(components).contains(words);
    }

    /** At load, where the services are made, in each method of the factory, and at run time. */
    @Test
    void aJarThatIsBuiltForAnotherVersion() throws Exception {
        assertUnfit(2, "services.old(); return step -> execution -> {};");
        assertUnfit(2, "return step -> { services.old(); return execution -> {}; };");
        assertUnfit(3, "return step -> execution -> services.old();"); // the run has begun
        assertUnfit(2, """
                return new StepFactory<>() {
                    public Step create(JobStep<Options> step) { return execution -> {}; }
                    public java.util.List<Target> targets(Options options) { services.old(); return java.util.List.of(); }
                };""");
    }

    private void assertUnfit(int exit, String factory) throws IOException {
        Map<String, String> sources = new HashMap<>(OLD_API);
        sources.put("example.Own", SourceJar.type(factory));
        SourceJar.write(extensions.resolve("a.jar"), sources, "example.Own");
        Ended ended = run("job=own", "again=true");
        assertThat(ended.exit()).as(ended.words()).isEqualTo(exit);
        assertThat(ended.words())
                .contains("a.jar: the step type 'own' does not fit", "NoSuchMethodError", "built for version 0.0.1")
                .doesNotContain("\tat ");
    }

    /** An interface has a method more than the jar knows of. */
    @Test
    void aMethodThatTheJarLacks() throws Exception {
        Map<String, String> sources = Map.of(
                "io.modelbatch.extension.StepType",
                """
                package io.modelbatch.extension;
                public interface StepType<O extends Record> {
                    String key();
                    Class<O> options();
                    StepFactory<O> factory(StepServices services);
                }
                """,
                "example.Own",
                GOOD.replace("public String description() { return \"a step of its own\"; }", ""));
        SourceJar.write(extensions.resolve("a.jar"), sources, "example.Own");

        assertRefused(run("list"), "a.jar", "example.Own", "AbstractMethodError", "built for version 0.0.1");
    }

    @Test
    void aLibraryThatIsMissing() throws Exception {
        Map<String, String> sources = Map.of(
                "lib.Words",
                "package lib; public class Words { public static void count() {} }",
                "example.Own",
                SourceJar.type("lib.Words.count(); return step -> execution -> {};"));
        SourceJar.write(extensions.resolve("a.jar"), sources, "example.Own");

        assertRefused(run("job=own"), "a.jar", "'own'", "lacks the class lib.Words", "put the jar of its library");
    }

    @Test
    void aFactoryThatThrows() throws Exception {
        jar("a.jar", SourceJar.type("throw new IllegalStateException(\"PRICES_URL is not set\");"), "example.Own");

        assertRefused(run("job=own"), "a.jar", "'own'", "PRICES_URL is not set");
    }

    /** A type in a class of another name. */
    private void otherJar(String name, String type, String source) throws IOException {
        String renamed = source.replaceAll("\\bOwn\\b", type);
        SourceJar.write(extensions.resolve(name), Map.of("example." + type, renamed), "example." + type);
    }

    private void jar(String name, String source, String... types) throws IOException {
        SourceJar.write(extensions.resolve(name), Map.of("example.Own", source), types);
    }

    private interface Change {
        byte[] of(byte[] content);
    }

    private void change(String entry, Change change) throws IOException {
        try (FileSystem jar = FileSystems.newFileSystem(
                URI.create("jar:" + extensions.resolve("a.jar").toUri()), Map.of())) {
            Path path = jar.getPath(entry);
            Files.write(path, change.of(Files.readAllBytes(path)));
        }
    }

    private Ended run(String... words) {
        String[] all = Arrays.copyOf(words, words.length + 1);
        all[words.length] = "--modelbatch.extensions=" + extensions;
        return new CommandLine(folder).run(all);
    }

    private static void assertRefused(Ended ended, String... words) {
        assertThat(ended.exit()).as(ended.words()).isEqualTo(2);
        assertThat(ended.errors()).contains(words).hasLineCount(1);
    }
}
