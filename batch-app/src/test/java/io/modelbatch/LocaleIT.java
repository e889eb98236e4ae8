package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Arguments, tables, folders and objects with names outside ASCII, under the locales that cron, images and old systems have. */
class LocaleIT {
    private static final String JOB = """
            parameters:
              shop: { type: string }
            steps:
              - extract: { query: "SELECT id, text FROM `店.売上` WHERE shop = @shop", key: id }
              - upload: { from: 写真, to: "gs://bb/結果/${shop}" }
            """;

    /** The shell passes the bytes of its script on as they are. */
    private static final String RUN = "exec $JAVA job=nightly shop=";

    @TempDir
    private Path folder;

    private Path project;

    @BeforeEach
    void makeProject() throws IOException {
        project = Files.createDirectory(folder.resolve("日次 é"));
        new CommandLine(project).job("nightly", JOB).table("店.売上", "id,text,shop\n1,milk,東京\n2,bread,東京\n3,tea,大阪\n");
        Files.writeString(Files.createDirectory(project.resolve("写真")).resolve("一.txt"), "1");
    }

    @ParameterizedTest
    @CsvSource({"PATH, /usr/bin:/bin", "LC_ALL, C", "LANG, POSIX", "LANG, C.UTF-8"})
    void namesAndValuesAreAsTyped(String variable, String value) throws Exception {
        assertRight(Map.of(variable, value));
    }

    @Test
    void namesAndValuesAreAsTypedUnderALatin1Locale() throws Exception {
        Path locales = Files.createDirectory(folder.resolve("locales"));
        String locale = "en_US.ISO-8859-1";
        shell(Map.of(), "localedef -i en_US -f ISO-8859-1 " + locales.resolve(locale));
        assumeTrue(Files.exists(locales.resolve(locale)), "this machine has no sources of locales");

        assertRight(Map.of("LOCPATH", locales.toString(), "LC_ALL", locale));
    }

    private void assertRight(Map<String, String> locale) throws Exception {
        String tokyo = shell(locale, RUN + "東京");

        assertThat(tokyo).contains("extract 2 rows", "exit 0");
        assertThat(project.resolve("local/buckets/bb/結果/東京/一.txt")).exists();
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside.filter(path -> !path.endsWith("locales"))).containsExactly(project);
        }
    }

    /** As the README starts it: the jar's launcher runs before the application can look at the locale. */
    @Test
    void theJarItselfStartsInAFolderWithSuchAName() throws Exception {
        String tokyo =
                shell(Map.of(), "exec " + QuickStart.JAVA + " -jar " + BatchProcess.JAR + " job=nightly shop=東京");

        assertThat(tokyo).contains("extract 2 rows", "exit 0");
        assertThat(project.resolve("local/buckets/bb/結果/東京/一.txt")).exists();
    }

    @Test
    void anArgumentThatIsNotUtf8IsRefused() throws Exception {
        String refused = shell(Map.of(), RUN + "$(printf '\\202\\240')");

        assertThat(refused).contains("'shop=\uFFFD\uFFFD' is not UTF-8", "exit 2");
        assertThat(project.resolve("local/repository")).doesNotExist();
    }

    @Test
    void whereNothingCanBeDoneTheLocaleIsNamedBeforeAnythingIsWritten() throws Exception {
        String refused = shell(Map.of("JAVA_TOOL_OPTIONS", "-Djna.tmpdir=/dev/null/none"), RUN + "東京");

        assertThat(refused).contains("Set LANG=C.UTF-8", "exit 2");
        assertThat(project.resolve("local/repository")).doesNotExist();
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside).containsExactly(project);
        }
    }

    /** In the project, with nothing in the environment but this; all that was printed, and the exit code. */
    private String shell(Map<String, String> environment, String command) throws Exception {
        Path script = folder.resolveSibling(folder.getFileName() + ".sh");
        Files.writeString(
                script,
                "cd '" + project + "'\n(" + command.replace("$JAVA", QuickStart.shellCommand())
                        + ") 2>&1\necho exit $?\n");
        ProcessBuilder builder = new ProcessBuilder("sh", script.toString()).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().putAll(environment);
        Process shell = builder.start();
        String output = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor(5, TimeUnit.MINUTES)).isTrue();
        Files.delete(script);
        return output;
    }
}
