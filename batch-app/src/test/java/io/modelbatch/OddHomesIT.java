package io.modelbatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A first day in a home with an odd name, under the locale of a cron job, an image or an old system: each command is a process of its
 * own. {@code -Dhomes=20} tries each name once, {@code -Dhomes=160} each with each locale, in the folder itself and by its path.
 */
class OddHomesIT {
    private static final int HOMES = Integer.getInteger("homes", 2);

    private static final String PREDICT = """
            steps:
              - extract: { query: "SELECT range AS id, 'milk ' || range AS text FROM range(240)", key: id, partitions: 2 }
              - infer:
                  model: gs://models/tiny
                  task: text-classification
                  text: text
                  to: gs://results/all
                  block: { rows: 8 }
              - load: { table: shop.answers }
            """;

    private static final List<String> NAMES = List.of(
            "-new\nline ${user.name} #{1+1} {x}",
            "売上 😀 cafe\u0301 %41 it's \"q\" a?b*[x]#1 ",
            "with space",
            "{ }",
            "${user.home}",
            "%41%d",
            "#1",
            "a?b",
            "*[x]",
            "東京",
            "😀",
            "e\u0301",
            "it's",
            "\"quoted\"",
            "tab\there",
            "--spring.datasource.url=x",
            "~",
            "x".repeat(240),
            "trailing ",
            "link/..");

    private static final String NONE = "none";
    private static final List<String> LOCALES = List.of(NONE, "de_DE.ISO-8859-1", "C", "ja_JP.UTF-8");
    private static final String INSIDE = "inside";

    @TempDir
    private Path folder;

    private Path home;
    private List<String> properties = List.of();
    private Map<String, String> locale = Map.of();

    /** Each name, then each with another locale, then each at the other place. */
    static Stream<List<String>> homes() {
        return IntStream.range(0, HOMES).mapToObj(n -> {
            int round = n / NAMES.size();
            return List.of(
                    NAMES.get(n % NAMES.size()),
                    LOCALES.get((n + round) % LOCALES.size()),
                    (n + round / LOCALES.size()) % 2 == 0 ? INSIDE : "by path");
        });
    }

    @ParameterizedTest
    @MethodSource("homes")
    void aDayInThatHome(List<String> home) throws Exception {
        open(home.get(0), home.get(1), home.get(2));
        new CommandLine(this.home).job("own", PREDICT).classifier("models/tiny");

        assertThat(succeed("init")).contains("Wrote ");
        assertThat(this.home.resolve("local/warehouse/shop/receipt_lines.csv")).exists();
        assertThat(succeed("check", "job=own")).contains("No problems found");
        kill();
        String resumed = succeed("job=own");
        assertThat(resumed).contains("run-resumed", "load 240 rows");
        assertThat(succeed("status")).contains("own-1  COMPLETED");
        assertThat(succeed("report")).contains("own-1").doesNotContain("no report yet");
        assertThat(succeed("prune", "keep=0", "delete=true")).contains("Removed: 1 run");
        try (Stream<Path> beside = Files.list(folder)) {
            assertThat(beside).containsExactlyInAnyOrder(expected());
        }
    }

    private void open(String name, String locale, String where) throws Exception {
        if (name.equals("link/..")) {
            Path target = Files.createDirectories(folder.resolve("real/below"));
            Files.createSymbolicLink(folder.resolve("link"), target);
        }
        home = folder.resolve(name);
        Files.createDirectories(home);
        this.locale = locale.equals(NONE) ? Map.of() : variables(locale);
        properties = where.equals(INSIDE)
                ? List.of()
                : List.of(
                        "--modelbatch.jobs=" + home.resolve("job-configs"),
                        "--modelbatch.local.home=" + home.resolve("local"));
    }

    /** Of a locale that is made where the system lacks it. */
    private static Map<String, String> variables(String locale) throws Exception {
        String[] parts = locale.split("\\.");
        if (parts.length == 1) {
            return Map.of("LC_ALL", locale);
        }
        Path locales = Files.createDirectories(Path.of("target", "locales").toAbsolutePath());
        Path made = locales.resolve(locale);
        if (Files.notExists(made)) {
            new ProcessBuilder("localedef", "-i", parts[0], "-f", parts[1], made.toString())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
        assumeTrue(Files.exists(made), "this machine has no sources of locales");
        return Map.of("LC_ALL", locale, "LOCPATH", locales.toString());
    }

    private Path[] expected() {
        return home.endsWith("..")
                ? new Path[] {folder.resolve("link"), folder.resolve("real")}
                : new Path[] {folder.resolve(folder.relativize(home).getName(0))};
    }

    /** By {@code kill -9}, once it has committed something. */
    private void kill() throws Exception {
        Process process = start(List.of("job=own"));
        Path results = home.resolve("local/buckets/results/all");
        while (!holdsShard(results)) {
            assertThat(process.waitFor(10, TimeUnit.MILLISECONDS)).as("ended").isFalse();
        }
        process.destroyForcibly().waitFor();
    }

    private static boolean holdsShard(Path results) throws IOException {
        try (Stream<Path> files = Files.exists(results) ? Files.list(results) : Stream.empty()) {
            return files.anyMatch(file -> String.valueOf(file.getFileName()).startsWith("own-1-"));
        }
    }

    private String succeed(String... words) throws Exception {
        Process process = start(List.of(words));
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        return output;
    }

    private Process start(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(QuickStart.command());
        command.addAll(words);
        command.addAll(properties);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(properties.isEmpty() ? home.toFile() : null)
                .redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", System.getenv("PATH"));
        builder.environment().putAll(locale);
        return builder.start();
    }
}
